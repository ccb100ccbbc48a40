FROM quay.io/prometheus/busybox-linux-amd64:glibc
LABEL maintainer="the queue team <queues@example.org>"
ARG MACHINE="amd64"
ARG SYSTEM="linux"
COPY out/${SYSTEM}-${MACHINE}/queue_exporter /bin/queue_exporter
EXPOSE 9188
USER nobody
ENTRYPOINT [ "/bin/queue_exporter" ]
