FROM alpine:3.19
ADD app.conf /etc/app.conf
ADD src/ /app/
ADD . /app
USER 1000
