FROM alpine:3.19
RUN ["/bin/sh", "-c", "cd /opt && ls"]
RUN ["cd", "/opt"]
USER 1000
CMD ["true"]
