FROM debian:12.5
SHELL ["/bin/bash", "-euxo", "pipefail", "-c"]
RUN ls | sort
FROM debian:12.5
SHELL ["/bin/bash", "-eo", "pipefail", "-c"]
RUN ls | sort
FROM debian:12.5
SHELL ["/usr/bin/env", "bash", "-o", "pipefail", "-c"]
RUN ls | sort
USER 1000
CMD ["true"]
