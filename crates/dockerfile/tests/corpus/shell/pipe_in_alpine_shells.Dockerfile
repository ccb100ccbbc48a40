FROM alpine:3.19
SHELL ["/bin/ash", "-eo", "pipefail", "-c"]
RUN ls | sort
FROM alpine:3.19
SHELL ["/bin/sh", "-o", "pipefail", "-c"]
RUN ls | sort
USER 1000
CMD ["true"]
