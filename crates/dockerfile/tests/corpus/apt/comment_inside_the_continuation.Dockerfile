FROM ubuntu:22.04
RUN apt-get update && apt-get install -y --no-install-recommends \
    # for the health check
    curl=7.81.0-1ubuntu1.15 \
    # for people
    less=590-1ubuntu0.22.04.3 \
 && rm -rf /var/lib/apt/lists/*
USER 1000
CMD ["less"]
