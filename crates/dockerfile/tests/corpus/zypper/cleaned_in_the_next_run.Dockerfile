FROM opensuse/leap:15.5
RUN zypper -n install git=2.35.3
RUN zypper clean -a
USER 1000
CMD ["git"]
