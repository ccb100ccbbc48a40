FROM alpine:3.19 AS scratchpad
FROM alpine:3.19 AS contexts
FROM alpine:3.19 AS Scratch
USER 1000
