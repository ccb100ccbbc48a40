FROM alpine:3.19
RUN (cd /opt && touch a)
RUN ls && ( cd /opt; touch b )
RUN x=$(cd /opt && pwd) && echo "$x"
USER 1000
CMD ["true"]
