FROM gitpod/workspace-base:2024-03-01
RUN sudo apt-get update && sudo apt-get install -y --no-install-recommends jq && sudo rm -rf /var/lib/apt/lists/*
USER 33333
CMD ["bash"]
