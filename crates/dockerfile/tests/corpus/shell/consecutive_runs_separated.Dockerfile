FROM alpine:3.19
RUN mkdir /a
ENV A=1
RUN mkdir /b
COPY x /x
RUN mkdir /c
WORKDIR /c
RUN mkdir /d
USER 1000
CMD ["true"]
