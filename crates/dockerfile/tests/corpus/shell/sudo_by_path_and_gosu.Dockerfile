FROM ubuntu:22.04
RUN /usr/bin/sudo make install
RUN gosu nobody true
RUN su app -c "make install"
RUN su-exec app true
USER 1000
CMD ["true"]
