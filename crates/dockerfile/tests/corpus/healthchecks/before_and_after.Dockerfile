FROM scratch
COPY app /app
HEALTHCHECK CMD ["/app", "--check"]
ENTRYPOINT ["/app"]
HEALTHCHECK NONE
