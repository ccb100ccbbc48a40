FROM alpine:3.19
LABEL org.example.a="1" \
      org.example.B="2" \
      org.example.c="3"
LABEL $KEY=1 ${KEY}.x=1
LABEL key=1 io.docker=1 com.dockers.x=1
USER 1000
