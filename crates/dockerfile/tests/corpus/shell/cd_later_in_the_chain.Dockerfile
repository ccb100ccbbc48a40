FROM alpine:3.19
RUN mkdir -p /opt/a && cd /opt/a && touch b
RUN mkdir /opt/c; cd /opt/c || exit 1; touch d
USER 1000
CMD ["true"]
