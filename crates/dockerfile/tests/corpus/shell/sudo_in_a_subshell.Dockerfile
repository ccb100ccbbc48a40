FROM ubuntu:22.04
RUN (sudo make install)
RUN if true; then sudo make install; fi
RUN x=$(sudo id -u) && echo "$x"
USER 1000
CMD ["true"]
