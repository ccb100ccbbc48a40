FROM debian:12.5
# a comment that ends so \
RUN cd /opt
USER 1000
