FROM node:20.11.1-alpine3.19
RUN corepack enable && pnpm install --frozen-lockfile
RUN pnpm add -g serve
USER 1000
CMD ["node"]
