FROM debian:12.5 AS BuilderBase
FROM debian:12.5 AS builder-base
USER 1000
