FROM debian:bookworm
COPY dist/agent_1.4.0_amd64.deb /tmp/
RUN apt-get update && apt-get install -y --no-install-recommends /tmp/agent_1.4.0_amd64.deb && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y --no-install-recommends ./tool.deb && rm -rf /var/lib/apt/lists/*
USER 1000
CMD ["agent"]
