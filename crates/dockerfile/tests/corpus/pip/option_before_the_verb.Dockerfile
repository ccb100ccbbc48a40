FROM python:3.12.2-slim
RUN pip --no-cache-dir install flask==3.0.2
RUN pip --quiet install --no-cache-dir flask
RUN pip --disable-pip-version-check --no-cache-dir install flask==3.0.2
USER 1000
CMD ["flask"]
