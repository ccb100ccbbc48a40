FROM node:20.11.1-alpine3.19
WORKDIR /app
RUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn install --frozen-lockfile
RUN --mount=type=cache,target=/root/.yarn YARN_CACHE_FOLDER=/root/.yarn yarn install --frozen-lockfile
USER 1000
CMD ["node", "index.js"]
