# check=experimental=InvalidDefinitionDescription
# build compiles the program
FROM golang:1.22.1 AS build
# the source folder
ARG SOURCE=.
# wrong Version is told here
ARG VERSION=1

# not adjacent, so no matter

FROM debian:12.5 AS app
USER 1000
