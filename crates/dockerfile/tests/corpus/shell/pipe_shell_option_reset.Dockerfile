FROM debian:12.5 AS one
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN ls | sort
FROM debian:12.5
RUN ls | sort
FROM one
RUN ls | sort
USER 1000
CMD ["true"]
