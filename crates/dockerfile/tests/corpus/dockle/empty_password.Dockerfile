FROM debian:12.5
RUN passwd -d root
RUN useradd -l -p "" app
RUN adduser -D app
USER 1000
