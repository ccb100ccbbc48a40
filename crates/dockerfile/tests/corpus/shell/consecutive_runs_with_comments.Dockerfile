FROM alpine:3.19
RUN mkdir /a
# then the next
RUN mkdir /b

RUN mkdir /c
USER 1000
CMD ["true"]
