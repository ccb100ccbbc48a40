FROM rockylinux:8.9
RUN yum install -y httpd mod_ssl && yum clean all
USER 48
CMD ["httpd", "-DFOREGROUND"]
