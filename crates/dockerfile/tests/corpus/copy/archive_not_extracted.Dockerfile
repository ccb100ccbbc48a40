FROM debian:12.5
COPY app.tar.gz /srv/download/
RUN tar -czf /tmp/other.tar.gz /etc && tar -tzf /srv/download/app.tar.gz
USER 1000
