FROM alpine:3.19
ENV MYSQL_PASSWD=x
ENV SECRET_THING=x
COPY credentials.json /app/
COPY id_rsa /root/.ssh/
USER 1000
