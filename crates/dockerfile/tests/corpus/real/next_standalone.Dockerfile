FROM node:20-alpine AS runtime
FROM runtime AS modules
RUN apk add --no-cache libc6-compat
WORKDIR /web
COPY package.json pnpm-lock.yaml ./
RUN if command -v pnpm; then pnpm install --frozen-lockfile; \
    else corepack enable && pnpm install --frozen-lockfile; fi
FROM runtime AS compiled
WORKDIR /web
COPY --from=modules /web/node_modules ./node_modules
COPY . .
RUN npm run build
FROM runtime AS shop
WORKDIR /web
ENV NODE_ENV production
RUN addgroup -S web
RUN adduser -S web
COPY --from=compiled --chown=web:web /web/.next/standalone ./
USER web
EXPOSE 3000
ENV PORT 3000
CMD ["node", "server.js"]
