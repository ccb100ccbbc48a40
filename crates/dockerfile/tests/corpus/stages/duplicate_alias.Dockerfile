FROM golang:1.22.1 AS build
RUN go build -o /app .
FROM node:20.11.1 AS build
RUN npm run build
FROM alpine:3.19
COPY --from=build /app /app
USER 1000
