FROM debian:12.5
RUN if [ "$A" == "b" ]; then ls; fi
RUN [ -z $A ] && ls
RUN [ "$A" ] && ls
RUN test "$A" -eq 1 && ls || echo no
RUN [ ! -z "$A" ]
RUN if [ $? -ne 0 ]; then ls; fi
USER 1000
