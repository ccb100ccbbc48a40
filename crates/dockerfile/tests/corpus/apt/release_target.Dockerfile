FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends -t bookworm-backports golang && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y --no-install-recommends golang/bookworm-backports && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y --no-install-recommends --target-release bookworm-backports golang && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y --no-install-recommends -t=bookworm-backports golang && rm -rf /var/lib/apt/lists/*
USER 1000
CMD ["go", "version"]
