FROM alpine:3.19
RUN apk add --no-cache --virtual .build gcc=13.2.1_git20231014-r0 musl-dev=1.2.4_git20230717-r4 \
 && make \
 && apk del .build
RUN apk add --no-cache -t .build-deps gcc=13.2.1_git20231014-r0 && apk del .build-deps
RUN apk add --no-cache --virtual=.tools gcc=13.2.1_git20231014-r0 && apk del .tools
USER 1000
CMD ["true"]
