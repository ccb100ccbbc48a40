FROM ubuntu:22.04
RUN apt update && apt install -y --no-install-recommends jq=1.6-2.1ubuntu3 && rm -rf /var/lib/apt/lists/*
USER 1000
CMD ["jq"]
