FROM alpine:3.19
COPY --from=nginx:1.25.4 /etc/nginx/nginx.conf /etc/nginx.conf
COPY --from=ghcr.io/astral-sh/uv:0.1.18 /uv /bin/uv
COPY --from=composer /usr/bin/composer /usr/bin/composer
COPY --from=docker.io/library/busybox:1.36.1 /bin/busybox /bin/b
USER 1000
