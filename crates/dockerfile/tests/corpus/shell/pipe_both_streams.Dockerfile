FROM debian:12.5
SHELL ["/bin/bash", "-c"]
RUN make |& tee /log
USER 1000
CMD ["true"]
