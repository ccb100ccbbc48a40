# syntax=docker/dockerfile:1
FROM ubuntu:22.04
RUN <<EOF
apt-get update
apt-get install jq
EOF

USER 1000
CMD ["jq"]
