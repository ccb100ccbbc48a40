FROM alpine:3.19
RUN apk add --no-cache --repository https://dl-cdn.alpinelinux.org/alpine/edge/testing watchexec=1.25.1-r0
RUN apk add --no-cache --repository=https://dl-cdn.alpinelinux.org/alpine/edge/testing watchexec=1.25.1-r0
RUN apk add --no-cache -X https://dl-cdn.alpinelinux.org/alpine/edge/testing watchexec=1.25.1-r0
USER 1000
CMD ["watchexec"]
