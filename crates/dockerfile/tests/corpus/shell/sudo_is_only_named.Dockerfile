FROM ubuntu:22.04
RUN apt-get update && apt-get install -y --no-install-recommends sudo=1.9.9-1ubuntu2 && rm -rf /var/lib/apt/lists/*
RUN echo "app ALL=(ALL) NOPASSWD:ALL" > /etc/sudoers.d/app
RUN useradd -l -G sudo app
RUN echo "use sudo to become root"
RUN rm -f /usr/bin/sudo
USER 1000
CMD ["true"]
