FROM alpine:3.19
RUN echo "apk add curl" >> /etc/motd
RUN printf '%s\n' 'apk update' 'apk add vim' > /root/notes
USER 1000
CMD ["true"]
