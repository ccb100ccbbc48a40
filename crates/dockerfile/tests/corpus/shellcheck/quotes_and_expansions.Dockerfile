FROM debian:12.5
RUN echo '$HOME is not expanded'
RUN echo "$(cat /etc/hostname)"
RUN echo `hostname`
RUN echo "a" b" c"
RUN cat /etc/passwd | grep root
RUN export A=$(hostname) && echo "$A"
USER 1000
