# syntax=docker/dockerfile:1
FROM ubuntu:22.04
RUN <<EOF
set -eu
apt-get update
apt-get install -y --no-install-recommends jq=1.6-2.1ubuntu3
rm -rf /var/lib/apt/lists/*
EOF

USER 1000
CMD ["jq"]
