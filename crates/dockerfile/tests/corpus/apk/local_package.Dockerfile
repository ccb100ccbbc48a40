FROM alpine:3.19
COPY dist/tool-1.0-r0.apk /tmp/tool.apk
RUN apk add --no-cache --allow-untrusted /tmp/tool.apk
RUN apk add --no-cache --allow-untrusted tool.apk
USER 1000
CMD ["tool"]
