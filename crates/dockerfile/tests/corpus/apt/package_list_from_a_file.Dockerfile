FROM debian:bookworm
COPY packages.txt /tmp/
RUN apt-get update && xargs -a /tmp/packages.txt apt-get install -y --no-install-recommends && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y --no-install-recommends $(cat /tmp/packages.txt) && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y --no-install-recommends `cat /tmp/packages.txt` && rm -rf /var/lib/apt/lists/*
USER 1000
CMD ["true"]
