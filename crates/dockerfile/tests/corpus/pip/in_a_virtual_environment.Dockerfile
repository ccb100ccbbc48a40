FROM python:3.12.2-slim
RUN python -m venv /venv && /venv/bin/pip install flask
RUN . /venv/bin/activate && pip install --no-cache-dir flask
RUN /venv/bin/pip install --no-cache-dir flask==3.0.2
USER 1000
CMD ["flask"]
