FROM alpine:3.19
ARG CURL_VERSION=8.5.0-r0
RUN apk add --no-cache curl=${CURL_VERSION} "jq=$JQ_VERSION"
RUN apk add --no-cache ${PACKAGES}
RUN apk add --no-cache $RUNTIME_DEPS tini=0.19.0-r2
USER 1000
CMD ["curl"]
