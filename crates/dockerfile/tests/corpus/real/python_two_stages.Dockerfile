FROM python:3.12.2-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
RUN pip wheel --no-cache-dir --wheel-dir /wheels -r requirements.txt
FROM python:3.12.2-slim
RUN useradd -l --create-home app
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir /wheels/*
USER app
WORKDIR /home/app
COPY --chown=app:app . .
CMD ["gunicorn", "-b", "0.0.0.0:8000", "shop.wsgi"]
