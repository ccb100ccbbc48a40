FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends gnupg=2.2.40-1.1 \
 && apt-get install -y tini=0.19.0-1 \
 && rm -rf /var/lib/apt/lists/*
USER 1000
ENTRYPOINT ["tini", "--"]
