FROM alpine:3.19
RUN set -ex && cd /opt && ls
RUN set -eux; cd /opt; ls
RUN set -o errexit \
    ; cd /opt \
    ; ls
USER 1000
CMD ["true"]
