FROM debian:12.5
RUN wget -qO- https://example.org/key.asc | gpg --dearmor > /usr/share/keyrings/example.gpg
USER 1000
CMD ["true"]
