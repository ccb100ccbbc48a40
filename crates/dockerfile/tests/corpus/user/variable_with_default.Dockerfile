FROM alpine:3.19
USER ${APP_UID:-1000}
CMD ["true"]
