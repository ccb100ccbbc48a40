FROM nginx:1.25.4-alpine
ONBUILD HEALTHCHECK CMD ["curl", "-f", "http://localhost:8080/"]
EXPOSE 8080
