FROM mcr.microsoft.com/devcontainers/base:bookworm
ARG USERNAME=vscode
RUN export DEBIAN_FRONTEND=noninteractive \
    && apt-get update \
    && apt-get -y install --no-install-recommends postgresql-client \
    && apt-get autoremove -y && apt-get clean -y && rm -rf /var/lib/apt/lists/*
USER $USERNAME
RUN curl -fsSL https://bun.sh/install | bash
