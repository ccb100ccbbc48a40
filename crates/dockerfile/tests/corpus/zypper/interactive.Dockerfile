FROM opensuse/leap:15.5
RUN zypper install git=2.35.3 && zypper clean
RUN zypper install -y git=2.35.3 && zypper clean
RUN zypper in --no-confirm git=2.35.3 && zypper clean
RUN zypper -n in git=2.35.3 && zypper clean
RUN zypper --non-interactive in git=2.35.3 && zypper clean
RUN zypper install -n git=2.35.3 && zypper clean
USER 1000
CMD ["git"]
