FROM alpine:3.19
COPY private.key /etc/ssl/private.key
COPY id_rsa /root/.ssh/id_rsa
COPY .env /app/.env
COPY server.pem /etc/ssl/
COPY .npmrc /root/.npmrc
USER 1000
