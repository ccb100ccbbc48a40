FROM debian:12.5
RUN set -o pipefail && ls | sort
USER 1000
CMD ["true"]
