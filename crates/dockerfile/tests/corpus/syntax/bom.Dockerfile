FROM debian
USER root
CMD run
