FROM debian:bookworm
RUN apt-get update && apt-get build-dep -y nginx && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get build-dep nginx && rm -rf /var/lib/apt/lists/*
USER 1000
CMD ["true"]
