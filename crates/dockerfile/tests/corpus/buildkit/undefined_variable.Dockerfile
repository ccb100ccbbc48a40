ARG GLOBAL=1
FROM debian:12.5
COPY $foo /a
ARG bar=/b
COPY $bar /a
ENV P=$PAHT
ENV Q=$PATH
WORKDIR ${nowhere}
COPY ${or:-/c} /a
LABEL x=$GLOBAL
USER $HTTP_PROXY
RUN echo $undefined
USER 1000
