FROM python:3.12.2-slim
RUN pip install --no-cache-dir git+https://github.com/pallets/flask
RUN pip install --no-cache-dir git+https://github.com/pallets/flask@3.0.2
RUN pip install --no-cache-dir git+https://github.com/pallets/flask.git@3.0.2#egg=flask
RUN pip install --no-cache-dir https://example.org/flask-3.0.2.zip
USER 1000
CMD ["flask"]
