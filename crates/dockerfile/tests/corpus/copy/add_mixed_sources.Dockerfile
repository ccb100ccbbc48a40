FROM alpine:3.19
ADD a.txt b.tar.gz /opt/
ADD a.tar.gz b.tar.gz /opt/
ADD ["a file.txt", "/opt/"]
ADD ["a.tar.gz", "/opt/"]
USER 1000
