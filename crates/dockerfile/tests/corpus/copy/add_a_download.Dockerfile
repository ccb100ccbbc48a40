FROM alpine:3.19
ADD https://example.org/tool /usr/local/bin/tool
ADD http://example.org/tool.tar.gz /opt/
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/linux.tar.xz /usr/src/
USER 1000
