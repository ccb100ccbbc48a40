FROM rockylinux:8.9
RUN yum module enable -y nodejs:18 && yum module install -y nodejs:18/common && yum clean all
RUN yum module install -y nodejs && yum clean all
USER 1000
CMD ["node"]
