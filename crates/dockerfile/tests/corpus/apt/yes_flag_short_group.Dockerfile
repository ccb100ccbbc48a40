FROM debian:bookworm-slim
RUN apt-get update && apt-get install -qy --no-install-recommends tini=0.19.0-1 && rm -rf /var/lib/apt/lists/*
USER 1000
ENTRYPOINT ["tini", "--"]
