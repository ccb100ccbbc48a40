FROM debian:12.5
RUN ls && \
    # hadolint ignore=DL3003
    cd /opt
# hadolint ignore=DL3003

RUN cd /opt
# hadolint ignore=DL3003
# another comment
RUN cd /opt
