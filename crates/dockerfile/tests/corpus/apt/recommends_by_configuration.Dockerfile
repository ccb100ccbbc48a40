FROM debian:bookworm-slim
RUN printf 'APT::Install-Recommends "0";\nAPT::Install-Suggests "0";\n' > /etc/apt/apt.conf.d/01lean
RUN apt-get update && apt-get install -y tini=0.19.0-1 && rm -rf /var/lib/apt/lists/*
USER 1000
ENTRYPOINT ["tini", "--"]
