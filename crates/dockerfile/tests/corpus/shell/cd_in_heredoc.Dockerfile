FROM alpine:3.19
RUN <<EOF
cd /opt
ls
EOF

USER 1000
CMD ["true"]
