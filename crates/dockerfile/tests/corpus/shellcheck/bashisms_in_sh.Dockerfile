FROM debian:12.5
RUN [[ -f /a ]] && ls
RUN source /etc/profile
RUN echo -e "a\nb"
RUN mkdir -p /a/{b,c}
RUN a=(1 2) && echo "${a[0]}"
RUN diff <(ls) /list
RUN ls &> /log
RUN function f { ls; }; f
USER 1000
