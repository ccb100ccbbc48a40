FROM alpine:3.19
RUN (apk add curl) && if true; then apk add --no-cache jq; fi
RUN apk info -e curl || apk add curl=8.5.0-r0
USER 1000
CMD ["true"]
