FROM debian:12.5
RUN wget https://example.org/big.tar.gz
RUN wget -O /tmp/big.tar.gz https://example.org/big.tar.gz
USER 1000
CMD ["true"]
