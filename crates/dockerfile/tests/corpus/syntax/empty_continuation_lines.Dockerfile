FROM debian:12.5
RUN ls && \

    cd /opt

USER 1000
