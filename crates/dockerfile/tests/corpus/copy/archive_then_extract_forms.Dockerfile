FROM debian:12.5
COPY a.tar.gz b.tar.xz c.tgz d.zip e.gz /tmp/
RUN tar xzf /tmp/a.tar.gz
RUN tar --extract --file /tmp/b.tar.xz
RUN unzip /tmp/d.zip
RUN gunzip /tmp/e.gz
RUN tar -C /opt -zxvf /tmp/c.tgz
USER 1000
