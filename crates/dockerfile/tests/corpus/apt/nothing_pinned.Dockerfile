FROM debian:12.5-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl ca-certificates && rm -rf /var/lib/apt/lists/*
USER 10001
CMD ["curl", "--version"]
