FROM almalinux:9.3
RUN dnf module enable -y nodejs:20 && dnf install -y nodejs-20.11.1 && dnf clean all
RUN dnf groupinstall -y "Development Tools" && dnf clean all
RUN dnf -y group install "Development Tools" && dnf clean all
RUN dnf builddep -y python3 && dnf clean all
USER 1000
CMD ["node"]
