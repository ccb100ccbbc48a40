FROM grafana/grafana:10.3.3
USER root
ARG WANTED=""
RUN if [ ! -z "${WANTED}" ]; then \
    for each in ${WANTED}; do \
        grafana-cli plugins install ${each}; \
    done; \
    fi
USER grafana
