FROM debian:12.5
RUN bash -c "ls | sort"
RUN bash -o pipefail -c "ls | sort"
RUN ["/bin/bash", "-c", "ls | sort"]
USER 1000
CMD ["true"]
