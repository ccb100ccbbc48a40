FROM debian:12.5
run ls
RUN ls
USER 1000
