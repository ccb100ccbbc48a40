FROM ubuntu:22.04
RUN echo "apt is for people" > /etc/motd
RUN mkdir -p /opt/apt && ls /etc/apt
RUN apt-mark hold libc6 && apt-cache policy libc6 && apt-key list
USER 1000
CMD ["cat", "/etc/motd"]
