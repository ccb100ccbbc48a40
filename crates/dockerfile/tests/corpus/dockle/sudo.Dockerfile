FROM debian:12.5
RUN sudo ls
RUN apt-get update && apt-get install -y --no-install-recommends sudo=1.9 && rm -rf /var/lib/apt/lists/*
USER 1000
