FROM python:3.12.2-slim
RUN pip3.12 install --no-cache-dir flask
RUN pip2 install --no-cache-dir flask
RUN pip2.7 install flask==1.1.4
USER 1000
CMD ["flask"]
