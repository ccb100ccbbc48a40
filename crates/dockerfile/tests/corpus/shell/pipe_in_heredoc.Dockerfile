FROM debian:12.5
RUN <<EOF
ls | sort
EOF

RUN <<EOF
set -o pipefail
ls | sort
EOF

USER 1000
CMD ["true"]
