FROM node:20.11.1-alpine3.19
RUN npm install -g pnpm@8.15.4 typescript@5.3.3
USER node
CMD ["node"]
