FROM python:3.12.2-slim
RUN pip download flask && pip wheel flask && pip list && pip freeze && pip uninstall -y flask
RUN pip config set global.index-url https://pypi.example.org/simple
RUN pip --version
USER 1000
CMD ["flask"]
