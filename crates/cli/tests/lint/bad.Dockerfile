FROM ubuntu:latest

USER root

EXPOSE 22 3389

ENV PASSWORD=secret123
COPY private.key /app/

RUN apt-get update && apt-get install -y \
    curl wget vim nano sudo ssh

RUN apt-get update && apt-get install -y python3
