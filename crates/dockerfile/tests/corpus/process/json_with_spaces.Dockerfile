FROM alpine:3.19
USER 1000
ENTRYPOINT   [  "/entry.sh"  ,  "a"  ]
CMD [ ]
