FROM debian:12.5
Run ls
USER 1000
