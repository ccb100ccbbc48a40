FROM haskell:9.6.4-slim AS build
WORKDIR /src
COPY stack.yaml package.yaml /src/
RUN stack build --only-dependencies
COPY . /src
RUN stack install --local-bin-path /out
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends libgmp10 netbase && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/shop /usr/bin/shop
ENTRYPOINT ["shop"]
