FROM debian:12.5
RUN apt-get update
RUN apt-get update && apt-get install -y --no-install-recommends jq=1.6
RUN apt-get update && apt-get dist-upgrade -y && rm -rf /var/lib/apt/lists/*
USER 1000
