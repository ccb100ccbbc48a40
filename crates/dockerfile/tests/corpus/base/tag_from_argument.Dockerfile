ARG TAG=12.5
FROM debian:${TAG}
FROM debian:$TAG
FROM debian:${TAG:-12.5}
FROM debian:${TAG}-slim
USER 101
