FROM alpine:3.19
USER 1000
CMD ["/bin/sh", "-c", "exec /app --port $PORT"]
