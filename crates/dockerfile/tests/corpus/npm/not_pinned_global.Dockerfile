FROM node:20.11.1-alpine3.19
RUN npm install -g pnpm
RUN npm install --global typescript@5.3.3 eslint
RUN npm i -g nodemon
USER 1000
CMD ["node"]
