FROM ubuntu:24.04
RUN apt-get update && \
    apt-get install --no-install-recommends -y \
        git=1:2.43.0-1ubuntu7 \
        less \
        patch=2.7.6-7build3 && \
    rm -rf /var/lib/apt/lists/*
USER 1000:1000
ENTRYPOINT ["git"]
