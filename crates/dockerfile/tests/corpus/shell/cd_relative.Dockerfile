FROM alpine:3.19
RUN cd build && make
RUN cd .. && ls
RUN cd - && ls
RUN cd && ls
RUN cd ~ && ls
RUN cd "$HOME" && ls
RUN cd $SRC && make
USER 1000
CMD ["true"]
