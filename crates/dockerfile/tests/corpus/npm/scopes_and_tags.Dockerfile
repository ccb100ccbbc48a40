FROM node:20.11.1-alpine3.19
RUN npm install -g @angular/cli
RUN npm install -g @angular/cli@17.2.3
RUN npm install -g typescript@latest
RUN npm install -g @vue/cli@next
USER 1000
CMD ["node"]
