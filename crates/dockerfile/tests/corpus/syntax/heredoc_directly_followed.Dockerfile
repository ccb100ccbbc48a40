FROM debian:12.5
RUN <<EOF
cd /opt
EOF
USER 1000
CMD ["a"]
