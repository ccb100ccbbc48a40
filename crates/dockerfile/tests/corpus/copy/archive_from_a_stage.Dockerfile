FROM debian:12.5 AS pack
RUN tar -czf /app.tar.gz /etc
FROM debian:12.5
COPY --from=pack /app.tar.gz /tmp/
RUN tar -xzf /tmp/app.tar.gz -C /opt
USER 1000
