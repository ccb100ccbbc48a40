FROM node:latest
MAINTAINER web team
RUN npm install -g pm2
ADD . /usr/src/app
WORKDIR /usr/src/app
RUN npm install
EXPOSE 22 3000
CMD pm2-runtime start app.js
