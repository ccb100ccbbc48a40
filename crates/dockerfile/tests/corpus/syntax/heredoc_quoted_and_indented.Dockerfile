FROM debian:12.5
RUN <<-"EOF"
	cd /opt
	sudo ls
	EOF

USER 1000
