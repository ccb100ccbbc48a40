FROM amazonlinux:2.0.20240306.2
RUN yum install -y httpd-2.4.58 && yum clean packages
RUN yum install -y httpd-2.4.58 && yum clean metadata
USER 48
CMD ["httpd", "-DFOREGROUND"]
