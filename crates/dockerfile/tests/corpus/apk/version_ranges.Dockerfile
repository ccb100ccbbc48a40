FROM alpine:3.19
RUN apk add --no-cache 'curl~8.5' "jq>1.6" 'openssl<4' nodejs~=20
USER 1000
CMD ["curl", "--version"]
