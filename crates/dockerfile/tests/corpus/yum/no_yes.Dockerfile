FROM rockylinux:8.9
RUN yum install httpd-2.4.37 && yum clean all
RUN yum -y install httpd-2.4.37 && yum clean all
RUN yum install --assumeyes httpd-2.4.37 && yum clean all
RUN yum -q -y install httpd-2.4.37 && yum clean all
RUN yum install -qy httpd-2.4.37 && yum clean all
USER 48
CMD ["httpd", "-DFOREGROUND"]
