FROM opensuse/leap:15.5
RUN zypper refresh
RUN zypper --gpg-auto-import-keys ref && zypper -n install git=2.35.3 && zypper clean
RUN zypper -n remove git
USER 1000
CMD ["true"]
