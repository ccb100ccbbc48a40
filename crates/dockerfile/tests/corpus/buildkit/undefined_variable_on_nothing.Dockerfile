FROM scratch
COPY $foo /a
ARG bar=/b
COPY $bar /a
ENV Q=$PATH
WORKDIR ${nowhere}
COPY ${or:-/c} /a
LABEL x=$GLOBAL
USER 1000
