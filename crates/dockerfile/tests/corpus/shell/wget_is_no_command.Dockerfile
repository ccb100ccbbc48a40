FROM debian:12.5
RUN apt-get update && apt-get install -y --no-install-recommends wget=1.21.3-1+b2 && rm -rf /var/lib/apt/lists/*
RUN echo "wget https://example.org" && command -v wget
USER 1000
CMD ["wget", "--version"]
