FROM node AS assets
RUN npm run build
FROM golang AS build
RUN go build -o /app .
FROM gcr.io/distroless/static-debian12
COPY --from=build /app /app
COPY --from=assets /dist /dist
USER 65532
ENTRYPOINT ["/app"]
