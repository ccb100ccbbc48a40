FROM node:20.11.1-alpine3.19
ARG PNPM_VERSION=8.15.4
RUN npm install -g pnpm@${PNPM_VERSION}
RUN npm install -g "pnpm@$PNPM_VERSION"
RUN npm install -g $TOOLS
USER 1000
CMD ["pnpm"]
