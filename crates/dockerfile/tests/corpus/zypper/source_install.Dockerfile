FROM opensuse/leap:15.5
RUN zypper source-install git && zypper clean
RUN zypper -n si -d git && zypper clean
RUN zypper -n addrepo https://download.opensuse.org/repositories/devel/15.5/devel.repo
USER 1000
CMD ["true"]
