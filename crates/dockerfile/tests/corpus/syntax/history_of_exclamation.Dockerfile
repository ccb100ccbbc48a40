FROM debian:12.5
RUN ! cd /opt
RUN time cd /opt
RUN exec cd /opt
RUN command cd /opt
RUN builtin cd /opt
RUN eval "cd /opt"
RUN \cd /opt
RUN FOO=1 cd /opt
USER 1000
