FROM alpine:3.19
RUN aws configure set aws_access_key_id AKIAEXAMPLE
RUN az login -u me -p hunter2
RUN gcloud auth activate-service-account --key-file=/key.json
RUN --mount=type=secret,id=gcp gcloud auth activate-service-account --key-file=/run/secrets/gcp
USER 1000
