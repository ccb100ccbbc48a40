FROM python:3.12.2-slim
RUN pip install --no-cache-dir flask gunicorn==21.2.0
USER 1000
CMD ["gunicorn", "app:app"]
