FROM debian:12.5
RUN apt-get update && apt-get install -y --no-install-recommends wget=1.21.3-1+b2 curl=7.88.1-10+deb12u5 && rm -rf /var/lib/apt/lists/*
RUN curl -fsSLO https://example.org/a
USER 1000
CMD ["true"]
