FROM debian:12.5
#hadolint ignore=DL3003
RUN cd /opt
# hadolint  ignore = DL3003
RUN cd /opt
# hadolint ignore=DL3003 because of the build
RUN cd /opt
# hadolint ignore=dl3003
RUN cd /opt
