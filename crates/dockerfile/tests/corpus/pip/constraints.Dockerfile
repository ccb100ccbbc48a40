FROM python:3.12.2-slim
COPY constraints.txt /tmp/
RUN pip install --no-cache-dir -c /tmp/constraints.txt flask
RUN pip install --no-cache-dir --constraint /tmp/constraints.txt flask
RUN PIP_CONSTRAINT=/tmp/constraints.txt pip install --no-cache-dir flask
USER 1000
CMD ["flask", "run"]
