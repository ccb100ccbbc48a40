FROM rockylinux:8.9
RUN yum groupinstall -y "Development Tools" && yum clean all
RUN yum groupinstall "Development Tools" && yum clean all
RUN yum -y group install development && yum clean all
USER 1000
CMD ["make"]
