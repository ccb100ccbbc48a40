FROM centos:7
MAINTAINER ops
RUN yum -y update; yum clean all
RUN yum -y install epel-release; yum clean all
RUN yum install -y nginx openssh-server; yum clean all
RUN echo "root:root" | chpasswd
EXPOSE 22 80
CMD ["/usr/sbin/sshd", "-D"]
