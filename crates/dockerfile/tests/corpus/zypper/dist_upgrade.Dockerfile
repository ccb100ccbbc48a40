FROM opensuse/tumbleweed:20240310
RUN zypper -n dist-upgrade && zypper clean
RUN zypper -n dup && zypper clean
RUN zypper -n update && zypper clean
RUN zypper -n patch && zypper clean
RUN zypper dup
USER 1000
CMD ["true"]
