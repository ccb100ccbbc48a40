FROM ubuntu:22.04
ARG NGINX_VERSION=1.18.0-6ubuntu14.4
RUN apt-get update && apt-get install -y --no-install-recommends "nginx=${NGINX_VERSION}" && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y --no-install-recommends nginx-extras=$NGINX_VERSION && rm -rf /var/lib/apt/lists/*
USER 33
CMD ["nginx", "-g", "daemon off;"]
