FROM node:20.11.1-alpine3.19
WORKDIR /app
COPY package*.json ./
RUN npm install
RUN npm install --production
RUN npm install --omit=dev --ignore-scripts
USER 1000
CMD ["node", "index.js"]
