FROM ubuntu:latest
RUN apt-get update
RUN apt-get install -y sudo openssh-server vim curl
COPY . /app
COPY private.key /app/private.key
ENV DB_PASSWORD=hunter2
EXPOSE 22 3389 8080
CMD /app/start.sh
