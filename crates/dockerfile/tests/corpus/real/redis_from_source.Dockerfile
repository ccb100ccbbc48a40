FROM debian:bookworm-slim
ENV VERSION 7.2.4
RUN set -eux; \
	before="$(dpkg-query -W -f '${Package}\n')"; \
	apt-get update; \
	apt-get install -y --no-install-recommends ca-certificates wget gcc make; \
	rm -rf /var/lib/apt/lists/*; \
	wget -O /tmp/src.tar.gz "https://download.example.org/redis-$VERSION.tar.gz"; \
	mkdir /tmp/src; \
	tar -xzf /tmp/src.tar.gz -C /tmp/src --strip-components=1; \
	make -C /tmp/src -j "$(nproc)" install; \
	rm -r /tmp/src /tmp/src.tar.gz; \
	[ -z "$before" ] || echo $before > /dev/null; \
	apt-get purge -y --auto-remove gcc make
VOLUME /data
WORKDIR /data
EXPOSE 6379
CMD ["redis-server"]
