FROM alpine:3.19
ENV A value with spaces
ENV B $B/more
USER 1000
