FROM python:3.12.2-slim
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt gunicorn
USER 1000
CMD ["python", "app.py"]
