FROM ubuntu:22.04
RUN bash -c "apt-get update && apt-get install jq"
RUN sh -ec 'apt-get update; apt-get install -y jq'
USER 1000
CMD ["true"]
