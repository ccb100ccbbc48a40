# not a directive any more
# escape=`
FROM debian:12.5
RUN ls \
 && cd /opt
USER 1000
