FROM hashicorp/terraform:1.7.4
RUN apk add --no-cache --update bash python3 py3-pip \
 && pip3 install --break-system-packages awscli
ARG AWS_ACCESS_KEY_ID
ARG AWS_SECRET_ACCESS_KEY
ENV AWS_ACCESS_KEY_ID=$AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY=$AWS_SECRET_ACCESS_KEY
WORKDIR /infra
COPY . .
ENTRYPOINT ["/bin/bash"]
