FROM registry.access.redhat.com/ubi9/ubi-minimal:9.3
ARG RUNTIME=java-17-openjdk-headless
RUN microdnf install -y ${RUNTIME} \
    && microdnf update -y \
    && microdnf clean all \
    && mkdir /service && chown 1001 /service
COPY target/dependencies/* /service/lib/
COPY target/billing-*.jar /service/billing.jar
EXPOSE 8080
USER 1001
ENTRYPOINT [ "java", "-jar", "/service/billing.jar" ]
