FROM fedora:39
RUN dnf install -y python3-pip && dnf clean all
RUN dnf install -y java-17-openjdk && dnf clean all
RUN dnf install -y gcc-c++ && dnf clean all
RUN dnf install -y glibc-langpack-en && dnf clean all
RUN dnf install -y compat-openssl11 && dnf clean all
USER 1000
CMD ["java"]
