FROM rust:1.76.0-alpine3.19 AS build
RUN apk add --no-cache musl-dev=1.2.4_git20230717-r4
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY src ./src
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release && cp target/release/shop /shop
FROM scratch
COPY --from=build /shop /shop
USER 65534:65534
ENTRYPOINT ["/shop"]
