FROM ubuntu:22.04
ARG DEV=0
RUN if [ "$DEV" = "1" ]; then \
      apt-get update && apt-get install gdb && rm -rf /var/lib/apt/lists/*; \
    fi
USER 1000
CMD ["true"]
