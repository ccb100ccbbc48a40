FROM alpine:3.19
RUN apk add --update curl=8.5.0-r0
RUN apk add -U curl=8.5.0-r0
RUN apk --update add curl=8.5.0-r0
USER 1000
CMD ["curl", "--version"]
