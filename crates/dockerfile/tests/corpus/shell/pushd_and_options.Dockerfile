FROM debian:12.5
SHELL ["/bin/bash", "-c"]
RUN pushd /opt && popd
RUN make -C /opt all && git -C /srv/repo status
RUN env -C /opt ls
USER 1000
CMD ["true"]
