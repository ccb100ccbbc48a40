FROM fedora:39
RUN dnf upgrade -y
RUN dnf -y upgrade --refresh && dnf clean all
RUN dnf update -y && dnf clean all
RUN dnf distro-sync -y && dnf clean all
USER 1000
CMD ["true"]
