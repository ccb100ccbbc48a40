FROM golang:1.22.1 AS build
RUN go build -o /app .
FROM node:20.11.1 as BUILD
RUN npm run build
USER 1000
