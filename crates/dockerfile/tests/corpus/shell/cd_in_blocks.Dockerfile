FROM alpine:3.19
RUN if [ -d /opt ]; then cd /opt; ls; fi
RUN for d in a b; do cd "/srv/$d" && ls; done
RUN { cd /opt; ls; }
RUN build() { cd /opt; make; }; build
RUN while read -r d; do cd "/srv/$d"; done < /list
RUN case "$A" in x) cd /opt;; *) ls;; esac
USER 1000
CMD ["true"]
