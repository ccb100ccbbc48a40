FROM debian:12.5
RUN service nginx start
RUN ps aux && free -m && top -b -n 1
RUN kill 1 && mount /dev/sdb /mnt
RUN ssh build@example.org make
RUN vim -c q && shutdown now && ifconfig eth0
USER 1000
CMD ["true"]
