FROM registry.example.org:5000/team/app
FROM registry.example.org:5000/team/app:1.2
FROM registry.example.org:5000/team/app:latest
FROM localhost:5000/app
USER 101
