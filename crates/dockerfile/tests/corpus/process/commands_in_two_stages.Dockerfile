FROM alpine:3.19 AS a
CMD ["one"]
ENTRYPOINT ["one"]
FROM alpine:3.19
USER 1000
CMD ["two"]
ENTRYPOINT ["two"]
