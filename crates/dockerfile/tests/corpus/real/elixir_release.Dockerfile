ARG ELIXIR=1.16.1
ARG BUILDER="hexpm/elixir:${ELIXIR}-erlang-26.2.2-debian-bookworm-20240130-slim"
FROM ${BUILDER} as release
RUN apt-get update -y && apt-get install -y git gcc \
    && apt-get clean && rm -f /var/lib/apt/lists/*_*
WORKDIR /chat
RUN mix local.hex --force
COPY mix.exs mix.lock ./
RUN mix deps.get --only prod
COPY lib lib
RUN mix release
FROM debian:bookworm-20240130-slim
RUN apt-get update -y && apt-get install -y openssl locales && apt-get clean && rm -f /var/lib/apt/lists/*_*
RUN locale-gen de_DE.UTF-8
WORKDIR "/chat"
RUN chown nobody /chat
COPY --from=release --chown=nobody:root /chat/_build/prod/rel/chat ./
USER nobody
CMD ["/chat/bin/chat", "start"]
