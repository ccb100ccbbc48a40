FROM alpine:3.19 AS one
RUN mkdir /a
FROM alpine:3.19
RUN mkdir /b
ONBUILD RUN mkdir /c
ONBUILD RUN mkdir /d
RUN mkdir /e
USER 1000
CMD ["true"]
