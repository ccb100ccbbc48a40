FROM debian:12.5
SHELL ["/bin/bash", "-c"]
USER 1000
ENTRYPOINT run
