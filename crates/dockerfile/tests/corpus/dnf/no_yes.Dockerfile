FROM fedora:39
RUN dnf install git-2.43.0 && dnf clean all
RUN dnf -y install git-2.43.0 && dnf clean all
RUN dnf install --assumeyes git-2.43.0 && dnf clean all
RUN dnf --setopt=install_weak_deps=False install git-2.43.0 -y && dnf clean all
RUN dnf --setopt=assumeyes=True install git-2.43.0 && dnf clean all
USER 1000
CMD ["git"]
