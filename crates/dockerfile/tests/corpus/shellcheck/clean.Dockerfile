FROM debian:12.5
RUN set -eu; for f in /opt/*.conf; do [ -e "$f" ] || continue; printf '%s\n' "$f"; done
RUN if [ "${A:-}" = "b" ]; then mkdir -p /x; else rm -f /y; fi
USER 1000
