FROM opensuse/leap:15.5
RUN zypper -n install git=2.35.3
RUN zypper -n install git=2.35.3 && rm -rf /var/cache/zypp
RUN zypper -n install git=2.35.3 && rm -rf /var/cache/zypp/*
USER 1000
CMD ["git"]
