FROM alpine:3.19
ARG ARTIFACT=app.jar
ADD ${ARTIFACT} /app/app.jar
ADD $URL /app/
ADD app-${VERSION}.tar.gz /app/
ADD https://example.org/${VERSION}/tool.zip /app/
USER 1000
