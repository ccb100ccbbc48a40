FROM debian:12.5
RUN cd /opt; ls
RUN cd /opt || exit 1; ls
RUN cd /opt && ls
RUN set -e; cd /opt; ls
USER 1000
