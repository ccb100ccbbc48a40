FROM alpine:3.19
ENV A=/opt B=$A/bin
ENV C=/srv D=${C}/bin
ENV PATH=/opt/bin:$PATH
ENV E=$E:/x
USER 1000
