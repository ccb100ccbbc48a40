FROM fedora:41
RUN dnf5 install -y git
RUN dnf5 install git-2.47.0 && dnf5 clean all
USER 1000
CMD ["git"]
