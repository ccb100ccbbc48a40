FROM debian:bookworm
RUN aptitude install -y nginx
USER 1000
CMD ["true"]
