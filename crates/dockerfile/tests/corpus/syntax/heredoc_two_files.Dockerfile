FROM debian:12.5
COPY <<one <<two /etc/
a
one
b
two

USER 1000
