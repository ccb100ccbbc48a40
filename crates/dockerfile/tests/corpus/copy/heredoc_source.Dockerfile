FROM alpine:3.19
COPY <<EOF /etc/app.conf
key = value
EOF

COPY <<EOF other.txt /opt/app
key = value
EOF

USER 1000
