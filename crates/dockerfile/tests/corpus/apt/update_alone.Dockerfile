FROM ubuntu:22.04
RUN apt-get update
RUN apt-get install -y --no-install-recommends jq=1.6-2.1ubuntu3
USER 1000
CMD ["jq"]
