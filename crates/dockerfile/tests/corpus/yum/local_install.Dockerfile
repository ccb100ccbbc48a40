FROM rockylinux:8.9
RUN yum localinstall -y https://example.org/agent-1.2.rpm && yum clean all
RUN yum localinstall https://example.org/agent-1.2.rpm && yum clean all
RUN yum install -y ./agent.rpm && yum clean all
RUN yum install -y https://dl.fedoraproject.org/pub/epel/epel-release-latest-8.noarch.rpm && yum clean all
USER 1000
CMD ["agent"]
