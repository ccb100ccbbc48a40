FROM debian:12.5
ENV A value
ENV B=value
LABEL c value
LABEL d=value
ARG E=value
USER 1000
