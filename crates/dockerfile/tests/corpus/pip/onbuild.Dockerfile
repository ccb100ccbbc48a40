FROM python:3.12.2-slim
ONBUILD COPY requirements.txt /app/
ONBUILD RUN pip install flask
ONBUILD RUN pip install --no-cache-dir -r /app/requirements.txt
USER 1000
CMD ["flask"]
