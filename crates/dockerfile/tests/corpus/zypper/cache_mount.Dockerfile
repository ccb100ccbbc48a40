FROM opensuse/leap:15.5
RUN --mount=type=cache,target=/var/cache/zypp zypper -n install git=2.35.3
USER 1000
CMD ["git"]
