FROM debian:12 AS build
RUN apt-get update && apt-get install -y --no-install-recommends build-essential=12.9
WORKDIR /src
COPY . .
RUN make all
FROM debian:12-slim
COPY --from=build /src/out/app /usr/local/bin/app
USER 1000
CMD ["app"]
