FROM debian:12.5
RUN wget -q https://example.org/big.tar.gz
RUN wget --quiet https://example.org/big.tar.gz
RUN wget -nv https://example.org/big.tar.gz
RUN wget --no-verbose https://example.org/big.tar.gz
RUN wget -qO /tmp/x https://example.org/big.tar.gz
RUN wget -O /tmp/x -q https://example.org/big.tar.gz
USER 1000
CMD ["true"]
