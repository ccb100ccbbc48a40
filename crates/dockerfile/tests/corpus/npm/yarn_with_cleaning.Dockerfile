FROM node:20.11.1-alpine3.19
WORKDIR /app
COPY package.json yarn.lock ./
RUN yarn install --frozen-lockfile && yarn cache clean
RUN yarn install --production --frozen-lockfile; yarn cache clean --all
USER 1000
CMD ["node", "index.js"]
