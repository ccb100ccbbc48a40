FROM debian:bookworm
RUN apt-get update && apt-get install --reinstall -y --no-install-recommends tzdata && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get reinstall tzdata && rm -rf /var/lib/apt/lists/*
USER 1000
CMD ["true"]
