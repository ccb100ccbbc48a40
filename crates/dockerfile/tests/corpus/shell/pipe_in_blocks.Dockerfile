FROM debian:12.5
RUN if ls | grep -q a; then true; fi
RUN x=$(ls | sort) && echo "$x"
RUN for f in $(ls | sort); do echo "$f"; done
RUN (ls | sort)
RUN { ls | sort; } > /list
RUN diff <(ls | sort) /list
USER 1000
CMD ["true"]
