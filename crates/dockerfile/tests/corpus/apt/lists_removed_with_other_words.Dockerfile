FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends tini=0.19.0-1 && rm -fr /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y --no-install-recommends tini=0.19.0-1 && rm -r -f /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y --no-install-recommends tini=0.19.0-1 && rm -rf /var/lib/apt/lists
RUN apt-get update && apt-get install -y --no-install-recommends tini=0.19.0-1 && rm -rf /var/lib/apt/lists/
RUN apt-get update && apt-get install -y --no-install-recommends tini=0.19.0-1 && rm -rf "/var/lib/apt/lists/"*
RUN apt-get update && apt-get install -y --no-install-recommends tini=0.19.0-1 && rm -rf /var/cache/apt/* /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y --no-install-recommends tini=0.19.0-1 && rm -rf /var/lib/apt/*
USER 1000
ENTRYPOINT ["tini", "--"]
