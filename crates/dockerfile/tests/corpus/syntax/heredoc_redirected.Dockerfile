FROM debian:12.5
RUN cat <<EOF > /etc/motd
sudo apt-get install vim
cd /opt
EOF

USER 1000
