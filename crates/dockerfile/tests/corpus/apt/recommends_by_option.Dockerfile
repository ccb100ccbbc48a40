FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y -o APT::Install-Recommends=false tini=0.19.0-1 && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y -o APT::Install-Recommends=0 tini=0.19.0-1 && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get -o APT::Install-Recommends=false install -y tini=0.19.0-1 && rm -rf /var/lib/apt/lists/*
USER 1000
ENTRYPOINT ["tini", "--"]
