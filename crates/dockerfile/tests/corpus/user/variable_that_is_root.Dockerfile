FROM alpine:3.19
ARG APP_USER=root
USER ${APP_USER}
CMD ["true"]
