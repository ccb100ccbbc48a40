FROM ubuntu:24.04
RUN --mount=type=cache,target=/var/cache/apt apt-get update && apt-get install -y --no-install-recommends gcc=4:13.2.0-7ubuntu1
USER 1000
CMD ["gcc", "--version"]
