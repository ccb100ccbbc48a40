FROM debian:12.5
ONBUILD RUN apt-get update && apt-get install curl
ONBUILD RUN sudo cd /x
ONBUILD ADD a.txt /a
ONBUILD COPY a b /c
ONBUILD EXPOSE 22 70000
ONBUILD ENV GITHUB_TOKEN=x
ONBUILD RUN ls | sort
USER 1000
