FROM debian:12.5 AS one
COPY app.tar.gz /tmp/
FROM debian:12.5
RUN tar -xzf /tmp/app.tar.gz -C /opt
RUN curl -fsSLO https://example.org/x.tar.gz && tar -xzf x.tar.gz
USER 1000
