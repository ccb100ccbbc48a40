FROM nginx:latest
USER 101
