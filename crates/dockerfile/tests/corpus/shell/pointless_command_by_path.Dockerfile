FROM debian:12.5
RUN /usr/sbin/service nginx start
RUN /bin/mount -a
RUN /etc/init.d/nginx start
USER 1000
CMD ["true"]
