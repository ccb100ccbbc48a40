FROM debian:bookworm
ARG PACKAGES="gcc make"
RUN apt-get update && apt-get install -y --no-install-recommends ${PACKAGES} && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y --no-install-recommends $EXTRA && rm -rf /var/lib/apt/lists/*
USER 1000
CMD ["make"]
