FROM almalinux:9.3
RUN dnf install -y /tmp/agent.rpm && dnf clean all
RUN dnf install -y https://example.org/agent-1.0.rpm && dnf clean all
RUN dnf install -y epel-release && dnf clean all
RUN dnf install -y @nodejs:20 && dnf clean all
USER 1000
CMD ["agent"]
