FROM opensuse/leap:15.5
RUN zypper -n install "git>=2.35" && zypper clean
RUN zypper -n install git-2.35.3 && zypper clean
RUN zypper -n install 'git<3' && zypper clean
RUN zypper -n install ./local.rpm && zypper clean
USER 1000
CMD ["git"]
