FROM node:20.11.1-alpine3.19
WORKDIR /app
COPY package.json yarn.lock ./
RUN yarn install --frozen-lockfile
USER 1000
CMD ["node", "index.js"]
