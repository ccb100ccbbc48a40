FROM oven/bun:1.0.29 AS system
WORKDIR /bot
FROM system AS modules
RUN mkdir -p /stash
COPY package.json bun.lockb /stash/
RUN cd /stash && bun install --frozen-lockfile
FROM system
COPY --from=modules /stash/node_modules node_modules
COPY bot.ts .
USER bun
EXPOSE 3000/tcp
ENTRYPOINT [ "bun", "run", "bot.ts" ]
