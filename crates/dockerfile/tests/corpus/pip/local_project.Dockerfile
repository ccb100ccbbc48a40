FROM python:3.12.2-slim
WORKDIR /src
COPY . .
RUN pip install --no-cache-dir .
RUN pip install --no-cache-dir -e .
RUN pip install --no-cache-dir .[dev]
RUN pip install --no-cache-dir ./tools/lint
RUN pip install --no-cache-dir dist/app-1.0-py3-none-any.whl
RUN pip install --no-cache-dir app.tar.gz
RUN pip install --no-cache-dir --editable .
USER 1000
CMD ["app"]
