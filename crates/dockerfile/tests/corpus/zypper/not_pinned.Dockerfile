FROM opensuse/leap:15.5
RUN zypper -n install git && zypper clean
RUN zypper -n in git make && zypper cc -a
USER 1000
CMD ["git"]
