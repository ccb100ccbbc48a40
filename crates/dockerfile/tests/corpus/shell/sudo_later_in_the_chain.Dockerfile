FROM ubuntu:22.04
RUN make && sudo make install
RUN echo hi | sudo tee /etc/motd
USER 1000
CMD ["true"]
