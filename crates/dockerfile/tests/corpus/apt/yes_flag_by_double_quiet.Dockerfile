FROM debian:bookworm-slim
RUN apt-get update && apt-get install -qq --no-install-recommends tini=0.19.0-1 && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -q -q --no-install-recommends tini=0.19.0-1 && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -q=2 --no-install-recommends tini=0.19.0-1 && rm -rf /var/lib/apt/lists/*
USER 1000
ENTRYPOINT ["tini", "--"]
