FROM alpine:3.19
USER 1000
RUN mkdir /a
USER root
CMD ["true"]
