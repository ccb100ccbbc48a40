FROM debian:12.5 AS fetch
RUN wget -q https://example.org/a
FROM alpine:3.19
RUN curl -fsSLO https://example.org/b
COPY --from=fetch /a /a
USER 1000
CMD ["true"]
