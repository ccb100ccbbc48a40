FROM debian:12.5
COPY --chown=1000:1000 --chmod=644 a /a
COPY --link a /a
COPY --parents a/b /c/
COPY --exclude=*.md --exclude=*.txt . /d/
RUN --mount=type=bind,source=.,target=/src,rw \
    --mount=type=ssh \
    --network=host \
    ls
RUN --security=insecure ls
USER 1000
