FROM alpine:3.19
USER root
RUN mkdir /a
USER 1000
CMD ["true"]
