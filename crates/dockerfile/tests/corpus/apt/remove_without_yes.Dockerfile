FROM debian:bookworm-slim
RUN apt-get remove perl
RUN apt-get purge -y --auto-remove perl
RUN apt-get autoremove
USER 1000
CMD ["true"]
