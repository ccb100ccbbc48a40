FROM rockylinux:8.9
RUN yum update -y && yum install -y git-2.39.3 && yum clean all
USER 1000
CMD ["git"]
