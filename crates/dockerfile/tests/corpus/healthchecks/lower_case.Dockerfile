from nginx:1.25.4-alpine
healthcheck cmd ["curl", "-f", "http://localhost:8080/"]
expose 8080
