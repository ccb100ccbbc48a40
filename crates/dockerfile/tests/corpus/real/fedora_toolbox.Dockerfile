FROM fedora:39
LABEL name="workbench" \
      usage="for people who like a shell"
RUN sed -i 's/^tsflags.*//' /etc/dnf/dnf.conf && dnf -y upgrade && dnf -y install fish git && dnf clean all
RUN ldconfig
CMD /bin/sh
