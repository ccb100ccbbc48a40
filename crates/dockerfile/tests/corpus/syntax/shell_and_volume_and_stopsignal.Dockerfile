FROM debian:12.5
SHELL ["/bin/bash", "-c"]
VOLUME ["/data"]
VOLUME /a /b
STOPSIGNAL SIGQUIT
EXPOSE 8080/tcp
USER 1000
