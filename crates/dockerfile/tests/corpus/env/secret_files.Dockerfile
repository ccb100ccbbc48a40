FROM alpine:3.19
COPY creds /secrets/
ENV GOOGLE_APPLICATION_CREDENTIALS=/secrets/google.json
ENV AWS_CONFIG_FILE=/root/.aws/config
COPY config $AWS_CONFIG_FILE
ENV HF_TOKEN_PATH=/nowhere/token
USER 1000
