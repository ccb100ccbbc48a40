FROM debian:12.5
RUN chmod u+s /usr/bin/tool
RUN chmod 4755 /usr/bin/tool
RUN chmod 0755 /usr/bin/tool
RUN chmod g+s /srv && chmod 2755 /srv/a
USER 1000
