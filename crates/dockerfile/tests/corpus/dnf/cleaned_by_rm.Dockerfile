FROM fedora:39
RUN dnf install -y git-2.43.0 && rm -rf /var/cache/dnf
RUN dnf install -y git-2.43.0 && rm -rf /var/cache/libdnf5
RUN dnf install -y git-2.43.0 && rm -rf /var/cache/dnf/*
RUN dnf -y install git-2.43.0 && dnf -y clean all
USER 1000
CMD ["git"]
