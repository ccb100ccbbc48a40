FROM alpine:3.19 AS build
ARG GITHUB_TOKEN
RUN git clone https://x:${GITHUB_TOKEN}@github.com/a/b
FROM alpine:3.19
COPY --from=build /b /b
USER 1000
