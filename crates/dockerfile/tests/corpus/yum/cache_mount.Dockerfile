FROM rockylinux:8.9
RUN --mount=type=cache,target=/var/cache/yum yum install -y git-2.39.3
USER 1000
CMD ["git"]
