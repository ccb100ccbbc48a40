FROM registry.access.redhat.com/ubi8/ubi-minimal:8.9
RUN microdnf update -y && microdnf clean all
RUN microdnf install -y tar-1.30 && rm -rf /var/cache/yum
RUN microdnf install -y tar-1.30 && rm -rf /var/cache/dnf
USER 1001
CMD ["tar"]
