FROM almalinux:9.3
RUN dnf remove -y git && dnf autoremove -y
RUN dnf repolist && dnf config-manager --set-enabled crb
USER 1000
CMD ["true"]
