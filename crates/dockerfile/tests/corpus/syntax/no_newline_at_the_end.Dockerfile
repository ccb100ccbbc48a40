FROM debian:12.5
USER root
CMD run