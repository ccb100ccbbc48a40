FROM rockylinux:8.9
RUN yum install -y httpd-2.4.37-62.module+el8 mod_ssl-2.4.37 && yum clean all
USER 48
CMD ["httpd", "-DFOREGROUND"]
