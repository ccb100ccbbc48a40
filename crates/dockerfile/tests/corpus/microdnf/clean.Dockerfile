FROM registry.access.redhat.com/ubi9/ubi-minimal:9.3
RUN microdnf install -y tar-1.34 gzip-1.12 && microdnf clean all
USER 1001
CMD ["tar"]
