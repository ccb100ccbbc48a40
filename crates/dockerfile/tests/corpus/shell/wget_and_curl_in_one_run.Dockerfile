FROM debian:12.5
RUN wget -q https://example.org/a && curl -fsSLO https://example.org/b
USER 1000
CMD ["true"]
