FROM alpine:3.19
ENV HOME_OF_APP=/app
COPY app.conf $HOME_OF_APP/
COPY app.conf ${HOME_OF_APP}/app.conf
COPY app.conf "$HOME_OF_APP"
COPY app.conf ~/app.conf
USER 1000
