FROM alpine:3.19
USER 1000
CMD ['echo', 'hello']
ENTRYPOINT ["/entry.sh",]
