FROM debian:12.5
RUN ls && \

    ls
ENV A=1 \
    # only a comment
    B=2
USER 1000
