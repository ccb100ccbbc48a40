FROM opensuse/leap:15.5
RUN zypper --non-interactive install --no-recommends git=2.35.3 && zypper clean --all
USER 1000
CMD ["git"]
