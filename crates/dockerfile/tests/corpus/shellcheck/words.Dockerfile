FROM debian:12.5
RUN echo $UNQUOTED
RUN rm -rf $DIR/*
RUN rm -rf "$DIR/"*
RUN [ $A = b ] && ls
RUN for f in $(ls *.txt); do echo "$f"; done
USER 1000
