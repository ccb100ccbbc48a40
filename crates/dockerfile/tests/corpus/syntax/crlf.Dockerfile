FROM debian:12.5
RUN apt-get update && \
    apt-get install curl
USER root
CMD run
