FROM ubuntu:22.04
RUN ["sudo", "make", "install"]
USER 1000
CMD ["true"]
