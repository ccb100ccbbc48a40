FROM fedora:39
RUN dnf install -y git make && dnf clean all
USER 1000
CMD ["git"]
