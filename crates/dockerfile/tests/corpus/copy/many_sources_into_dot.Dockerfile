FROM alpine:3.19
WORKDIR /app
COPY a.txt b.txt .
COPY a.txt b.txt ./
COPY a.txt b.txt ..
USER 1000
