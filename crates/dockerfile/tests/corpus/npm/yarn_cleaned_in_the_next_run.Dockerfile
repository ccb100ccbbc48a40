FROM node:20.11.1-alpine3.19
WORKDIR /app
RUN yarn install --frozen-lockfile
RUN yarn cache clean
USER 1000
CMD ["node", "index.js"]
