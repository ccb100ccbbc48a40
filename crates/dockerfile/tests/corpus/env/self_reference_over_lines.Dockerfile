FROM alpine:3.19
ENV APP_HOME=/app \
    APP_CONFIG=$APP_HOME/config \
    APP_DATA=/data
USER 1000
