FROM ubuntu:22.04
RUN add() { apt-get install -y "$1"; }; apt-get update && for p in jq yq; do add "$p"; done; rm -rf /var/lib/apt/lists/*
USER 1000
CMD ["true"]
