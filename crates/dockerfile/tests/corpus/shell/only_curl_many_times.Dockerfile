FROM debian:12.5
RUN curl -fsSLO https://example.org/a
RUN curl -fsSLO https://example.org/b && curl -fsSLO https://example.org/c
USER 1000
CMD ["true"]
