FROM debian:12 AS base
RUN apt-get update && apt-get install -y --no-install-recommends libssl3=3.0.11-1~deb12u2
FROM base AS app
COPY app /usr/local/bin/app
USER 1000
CMD ["app"]
