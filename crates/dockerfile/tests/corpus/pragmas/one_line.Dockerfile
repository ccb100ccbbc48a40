FROM debian
# hadolint ignore=DL3006
FROM alpine
# hadolint ignore=DL3018,DL3019
RUN apk add git
RUN apk add git
