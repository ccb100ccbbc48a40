FROM alpine:3.19
RUN mkdir /a
RUN mkdir /b
RUN mkdir /c
USER 1000
CMD ["true"]
