FROM ubuntu:22.04
RUN echo "apt-get install jq" > /usr/local/bin/hint && chmod 755 /usr/local/bin/hint
RUN echo 'RUN apt-get update && apt-get install vim'
USER 1000
CMD ["hint"]
