# hadolint global ignore=DL3006,DL3018
FROM alpine
RUN apk add git
