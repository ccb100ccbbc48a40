FROM node:20.11.1-alpine3.19
RUN npm install --registry https://npm.example.org --global lerna@8.1.2
RUN npm install --loglevel=error -g lerna
RUN npm install --prefix /opt/app
RUN npm --loglevel warn install -g lerna@8.1.2
RUN npm -g install lerna
USER 1000
CMD ["node"]
