FROM rockylinux:8.9
RUN yum-config-manager --add-repo https://rpm.releases.hashicorp.com/RHEL/hashicorp.repo
RUN yum makecache
RUN yum history undo last -y
USER 1000
CMD ["true"]
