FROM debian:12.5
RUN wget --progress=dot:giga https://example.org/big.tar.gz
RUN wget --progress dot:mega https://example.org/big.tar.gz
RUN wget -o /tmp/log https://example.org/big.tar.gz
RUN wget --output-file=/tmp/log https://example.org/big.tar.gz
RUN wget -a /tmp/log https://example.org/big.tar.gz
RUN wget --show-progress https://example.org/big.tar.gz
RUN wget -nc https://example.org/big.tar.gz
RUN wget --no-check-certificate https://example.org/big.tar.gz
USER 1000
CMD ["true"]
