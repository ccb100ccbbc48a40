FROM debian:bookworm-slim
RUN apt-get update && apt-get install --no-install-recommends --allow-downgrades yamllint=1.29.0-1 && rm -rf /var/lib/apt/lists/*
USER 1000
ENTRYPOINT ["yamllint"]
