FROM ubuntu:22.04
RUN /usr/bin/apt-get update && /usr/bin/apt-get install -y jq && rm -rf /var/lib/apt/lists/*
USER 1000
CMD ["jq"]
