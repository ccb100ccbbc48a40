FROM fedora:39
RUN --mount=type=cache,target=/var/cache/dnf dnf install -y git-2.43.0
RUN --mount=type=cache,target=/var/cache/libdnf5 dnf install -y git-2.43.0
USER 1000
CMD ["git"]
