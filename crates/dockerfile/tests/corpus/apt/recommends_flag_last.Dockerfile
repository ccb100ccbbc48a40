FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y tini=0.19.0-1 --no-install-recommends && rm -rf /var/lib/apt/lists/*
USER 1000
ENTRYPOINT ["tini", "--"]
