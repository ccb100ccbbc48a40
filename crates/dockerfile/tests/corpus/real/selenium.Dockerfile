FROM python:3.11-bullseye
RUN wget -q -O - https://keys.example.org/browser.pub | apt-key add -
RUN sh -c 'echo "deb http://browser.example.org/deb stable main" > /etc/apt/sources.list.d/browser.list'
RUN apt-get -y update
RUN apt-get install -y browser-stable
RUN apt-get install -yqq unzip
RUN wget -O /tmp/driver.zip http://browser.example.org/`curl -sS browser.example.org/NEWEST`/driver.zip
RUN unzip /tmp/driver.zip driver -d /usr/local/bin/
ENV DISPLAY=:1
