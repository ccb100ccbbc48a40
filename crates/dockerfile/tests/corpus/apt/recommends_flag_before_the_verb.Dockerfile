FROM debian:bookworm-slim
RUN apt-get update && apt-get --no-install-recommends install -y tini=0.19.0-1 && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get -y --no-install-recommends install tini=0.19.0-1 && rm -rf /var/lib/apt/lists/*
USER 1000
ENTRYPOINT ["tini", "--"]
