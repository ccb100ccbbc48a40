FROM alpine:3.19
RUN cd /opt
RUN cd /opt && ls
USER 1000
CMD ["true"]
