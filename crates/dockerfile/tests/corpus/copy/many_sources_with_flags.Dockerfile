FROM alpine:3.19
COPY --chown=1000:1000 a.txt /opt/app
COPY --chown=1000:1000 a.txt b.txt /opt/app
COPY --link --chmod=0644 a.txt b.txt /opt/app/
COPY a.txt \
     b.txt \
     /opt/app
USER 1000
