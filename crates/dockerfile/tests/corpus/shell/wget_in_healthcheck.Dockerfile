FROM debian:12.5
RUN curl -fsSLO https://example.org/a
HEALTHCHECK CMD wget -qO- http://localhost:8080/ || exit 1
USER 1000
CMD ["true"]
