FROM debian:12.5 AS a
CMD ["a"]
FROM debian:12.5
CMD ["a"]
USER 1000
