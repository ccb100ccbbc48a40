FROM busybox:1.36.1
RUN wget -O - https://example.org/script.sh
RUN wget -qO- https://example.org/script.sh
RUN wget -O- https://example.org/script.sh > /x
USER 1000
CMD ["true"]
