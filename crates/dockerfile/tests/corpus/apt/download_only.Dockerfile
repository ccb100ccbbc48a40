FROM debian:bookworm
RUN apt-get update && apt-get download nginx && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y --download-only --no-install-recommends nginx && rm -rf /var/lib/apt/lists/*
USER 1000
CMD ["true"]
