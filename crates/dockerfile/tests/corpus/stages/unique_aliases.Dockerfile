FROM golang:1.22.1 AS build
FROM build AS build-debug
FROM build-debug AS build_debug
USER 1000
