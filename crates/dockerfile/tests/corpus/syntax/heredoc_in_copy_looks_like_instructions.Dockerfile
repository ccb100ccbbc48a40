FROM debian:12.5
COPY <<EOF /Dockerfile.inner
FROM debian:latest
USER root
RUN cd /opt
EOF

USER 1000
