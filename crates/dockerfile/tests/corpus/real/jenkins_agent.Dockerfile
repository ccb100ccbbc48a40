FROM jenkins/inbound-agent:3206.vb_15dcf73f6a_9-2-jdk17
USER root
RUN apt-get update && apt-get install -y docker.io && apt-get clean
RUN usermod -aG docker jenkins
USER jenkins
