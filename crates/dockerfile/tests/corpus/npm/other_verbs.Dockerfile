FROM node:20.11.1-alpine3.19
RUN npm run build && npm test && npm prune --production && npm run install
RUN npm config set registry https://npm.example.org && npm rebuild && npm link
RUN npm add express
RUN npx create-react-app install
USER 1000
CMD ["node"]
