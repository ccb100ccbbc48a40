FROM node:20.11.1-alpine3.19 AS build
WORKDIR /app
COPY . .
RUN yarn install --frozen-lockfile && yarn build
FROM nginx:1.25.4-alpine
COPY --from=build /app/dist /usr/share/nginx/html
