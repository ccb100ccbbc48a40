FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-confold postfix=3.7.9-0+deb12u1 && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y --no-install-recommends -o Dpkg::Options::="--force-confdef" postfix=3.7.9-0+deb12u1 && rm -rf /var/lib/apt/lists/*
RUN apt-get -o Acquire::Retries=3 update && apt-get install -y --no-install-recommends -c /etc/apt/lean.conf postfix=3.7.9-0+deb12u1 && rm -rf /var/lib/apt/lists/*
USER 1000
CMD ["true"]
