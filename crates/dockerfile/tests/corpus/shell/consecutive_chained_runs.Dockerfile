FROM alpine:3.19
RUN mkdir /a && mkdir /b && mkdir /c
RUN mkdir /d && mkdir /e && mkdir /f
RUN mkdir /g
RUN mkdir /h && mkdir /i
RUN mkdir /j && mkdir /k
USER 1000
CMD ["true"]
