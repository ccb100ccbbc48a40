# syntax=docker/dockerfile:1
FROM debian
RUN cd /opt \
 && ls
USER root
