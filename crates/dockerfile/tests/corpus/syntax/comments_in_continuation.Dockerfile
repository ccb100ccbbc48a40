FROM debian:12.5
RUN ls \
# one
    # two
 && cd /opt \
# three
 && sudo ls
USER 1000
