FROM node:20.11.1-alpine3.19
WORKDIR /app
RUN yarn
RUN yarn --frozen-lockfile
RUN yarn add express
RUN yarn global add serve
RUN yarn workspaces focus --production
RUN yarn run install
USER 1000
CMD ["node", "index.js"]
