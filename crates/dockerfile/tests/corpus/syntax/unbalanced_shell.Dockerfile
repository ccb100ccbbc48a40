FROM debian:12.5
RUN echo "unfinished && cd /opt
RUN if true; then cd /opt
USER 1000
