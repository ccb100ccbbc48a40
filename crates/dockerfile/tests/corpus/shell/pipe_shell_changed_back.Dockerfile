FROM debian:12.5
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN ls | sort
SHELL ["/bin/sh", "-c"]
RUN ls | sort
USER 1000
CMD ["true"]
