FROM alpine:3.19
RUN apk add --no-cache --virtual .build gcc musl-dev && make && apk del .build
USER 1000
CMD ["true"]
