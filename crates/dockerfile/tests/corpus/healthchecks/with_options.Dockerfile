FROM nginx:1.25.4-alpine
HEALTHCHECK --interval=10s --timeout=2s CMD ["curl", "-f", "http://localhost:8080/"]
EXPOSE 8080
