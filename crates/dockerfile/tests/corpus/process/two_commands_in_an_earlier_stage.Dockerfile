FROM alpine:3.19 AS a
CMD ["one"]
CMD ["two"]
ENTRYPOINT ["one"]
ENTRYPOINT ["two"]
FROM alpine:3.19
USER 1000
CMD ["three"]
