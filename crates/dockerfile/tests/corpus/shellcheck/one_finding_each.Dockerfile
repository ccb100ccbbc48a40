FROM debian:12.5
RUN export A=$(hostname) && echo "$A"
WORKDIR /a
RUN a=(1 2)
WORKDIR /b
RUN set -o pipefail
WORKDIR /c
RUN echo `hostname`
WORKDIR /d
RUN rm -rf "$DIR"/*
WORKDIR /e
RUN find . -name *.txt
WORKDIR /f
RUN mkdir -p /x/$1
SHELL ["/bin/bash", "-c"]
RUN f() { local x=$(ls); echo "$x"; }; f
WORKDIR /g
RUN export A=$(hostname)
WORKDIR /h
RUN echo "$@" $*
WORKDIR /i
RUN [ $# = 1 ] && [ "$A" = "$B" -a -n "$C" ]
WORKDIR /j
RUN test -n $A
WORKDIR /k
RUN echo $(echo "$A" | sed s/a/b/)
WORKDIR /l
RUN [ -f *.txt ]
USER 1000
