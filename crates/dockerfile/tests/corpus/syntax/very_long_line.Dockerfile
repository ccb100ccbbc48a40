FROM debian:12.5
RUN true && true && true && true && true && true && true && true && true && true && true && true && true && true && true && true && true && true && true && true && true && true && true && cd /opt && true
USER 1000
