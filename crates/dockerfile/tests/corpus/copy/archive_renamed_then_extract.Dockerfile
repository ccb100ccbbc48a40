FROM debian:12.5
COPY dist/app-1.0.tar.gz /tmp/app.tar.gz
RUN tar -xzf /tmp/app.tar.gz -C /opt
COPY dist/other.tar.gz /tmp/renamed
RUN tar -xzf /tmp/renamed -C /opt
USER 1000
