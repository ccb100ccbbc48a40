FROM ubuntu:22.04
RUN apt-get update && apt-get -y dist-upgrade && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get full-upgrade -y && rm -rf /var/lib/apt/lists/*
USER 1000
CMD ["bash"]
