FROM ubuntu:22.04
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y jq && rm -rf /var/lib/apt/lists/*
RUN apt-get update && env DEBIAN_FRONTEND=noninteractive apt-get install -y jq && rm -rf /var/lib/apt/lists/*
RUN export DEBIAN_FRONTEND=noninteractive; apt-get update && apt-get install jq && rm -rf /var/lib/apt/lists/*
USER 1000
CMD ["jq"]
