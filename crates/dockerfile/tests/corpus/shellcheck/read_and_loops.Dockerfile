FROM debian:12.5
RUN while read l; do echo "$l"; done < /list
RUN cat /list | while read -r l; do echo "$l"; done
RUN find . -name *.txt
RUN find . -name '*.pyc' | xargs rm
RUN ls | grep a
USER 1000
