FROM alpine
RUN apk add --update python3 py3-pip && rm -rf /var/cache/apk/*
COPY crontab /etc/crontabs/root
COPY job.py /job.py
CMD crond -f -l 2
