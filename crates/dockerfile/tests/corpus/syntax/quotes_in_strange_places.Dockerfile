FROM "debian:12.5"
RUN "echo" 'hello'
RUN echo "it's" && cd "/opt"
LABEL "a"="b c" d='e f'
ENV "X"=1
USER 1000
