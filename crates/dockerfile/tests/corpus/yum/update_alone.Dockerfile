FROM rockylinux:8.9
RUN yum update -y
RUN yum -y update && yum clean all
RUN yum check-update
USER 1000
CMD ["true"]
