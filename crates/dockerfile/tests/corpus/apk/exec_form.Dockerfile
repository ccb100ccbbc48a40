FROM alpine:3.19
RUN ["apk", "add", "git"]
RUN ["apk", "add", "--no-cache", "git=2.43.0-r0"]
USER 1000
CMD ["git"]
