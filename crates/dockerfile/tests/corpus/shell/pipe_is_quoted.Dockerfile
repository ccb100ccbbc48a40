FROM debian:12.5
RUN echo "a | b" > /etc/motd
RUN echo 'x|y' && grep -E 'a|b' /etc/passwd
RUN echo a \| b
RUN case "$A" in a|b) ls;; esac
RUN false || true
RUN [ -f /a ] || echo "no | pipe"
USER 1000
CMD ["true"]
