FROM node:20.11.1-alpine3.19
RUN npm install -g git+https://github.com/expressjs/express.git
RUN npm install -g git+https://github.com/expressjs/express.git#4.18.3
RUN npm install -g ./local-package
RUN npm install -g /opt/packages/tool
RUN npm install -g tool-1.0.0.tgz
RUN npm install -g https://example.org/tool-1.0.0.tar.gz
RUN npm install -g expressjs/express
USER 1000
CMD ["node"]
