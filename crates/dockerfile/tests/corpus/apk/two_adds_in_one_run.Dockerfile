FROM alpine:3.19
RUN apk add --no-cache git=2.43.0-r0 && apk add openssh-client=9.6_p1-r0
USER 1000
CMD ["git"]
