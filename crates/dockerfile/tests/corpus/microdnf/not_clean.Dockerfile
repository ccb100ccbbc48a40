FROM registry.access.redhat.com/ubi9/ubi-minimal:9.3
RUN microdnf install -y tar-1.34
USER 1001
CMD ["tar"]
