FROM alpine:3.19
RUN --mount=type=cache,target=/x mkdir /a
RUN mkdir /b
RUN --mount=type=cache,target=/x mkdir /c
RUN --mount=type=cache,target=/x mkdir /d
RUN --network=none mkdir /e
RUN mkdir /f
USER 1000
CMD ["true"]
