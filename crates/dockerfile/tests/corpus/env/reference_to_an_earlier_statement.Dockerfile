FROM alpine:3.19
ENV A=/opt
ENV B=$A/bin C=${A}/lib
ENV F=1 G=$H
USER 1000
