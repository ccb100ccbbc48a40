FROM amazonlinux:2.0.20240306.2
RUN yum install -y httpd-2.4.58 && rm -rf /var/cache/yum
RUN yum install -y httpd-2.4.58 && rm -rf /var/cache/yum/*
RUN yum install -y httpd-2.4.58 && yum -y clean all && rm -rf /var/cache/yum
USER 48
CMD ["httpd", "-DFOREGROUND"]
