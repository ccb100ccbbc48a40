FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends tini=0.19.0-1
USER 1000
ENTRYPOINT ["tini", "--"]
