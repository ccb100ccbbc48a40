FROM nginxinc/nginx-unprivileged:1.25.4-alpine
COPY --chown=101:101 conf/ /etc/nginx/conf.d/
COPY --chown=101:101 site/ /usr/share/nginx/html/
HEALTHCHECK --interval=10s --timeout=2s CMD wget -q -O /dev/null http://127.0.0.1:8080/ || exit 1
USER 101
EXPOSE 8080
