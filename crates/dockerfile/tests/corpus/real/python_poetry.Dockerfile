FROM python:3.12-slim
ENV POETRY_VERSION=1.8.2 \
    POETRY_HOME=/opt/poetry \
    PATH="$POETRY_HOME/bin:$PATH"
RUN curl -sSL https://install.python-poetry.org | python3 -
WORKDIR /app
COPY pyproject.toml poetry.lock /app/
RUN poetry install --no-root --only main
COPY . /app/
USER 1000
CMD ["poetry", "run", "uvicorn", "app:app"]
