FROM registry.access.redhat.com/ubi8/ubi-minimal:8.9
RUN microdnf install tar && microdnf clean all
RUN microdnf -y install tar && microdnf clean all
RUN microdnf install --nodocs --setopt=install_weak_deps=0 -y shadow-utils && microdnf clean all
USER 1001
CMD ["tar"]
