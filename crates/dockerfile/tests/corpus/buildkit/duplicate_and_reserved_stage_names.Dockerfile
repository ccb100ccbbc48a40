FROM debian:12.5 AS one
FROM debian:12.5 AS ONE
FROM debian:12.5 AS scratch
FROM debian:12.5 AS context
USER 1000
