FROM debian:12.5
  RUN cd /opt
	USER root
 CMD ["a"]
