FROM debian:12.5
SHELL ["/bin/bash", "-c"]
RUN set -o pipefail && ls | sort
RUN set -euo pipefail; ls | sort
RUN set -eux -o pipefail; ls | sort
USER 1000
CMD ["true"]
