FROM fedora:39
RUN dnf install -y git-2.43.0
USER 1000
CMD ["git"]
