FROM debian:12.5
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN [[ -f /a ]] && ls
RUN source /etc/profile
RUN mkdir -p /a/{b,c}
RUN a=(1 2) && echo "${a[0]}"
USER 1000
