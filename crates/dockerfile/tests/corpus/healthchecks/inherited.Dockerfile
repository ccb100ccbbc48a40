FROM nginx:1.25.4-alpine AS checked
HEALTHCHECK CMD ["curl", "-f", "http://localhost:8080/"]
FROM checked
EXPOSE 8080
