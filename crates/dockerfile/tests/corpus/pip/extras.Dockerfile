FROM python:3.12.2-slim
RUN pip install --no-cache-dir uvicorn[standard]==0.27.1 "celery[redis]"
USER 1000
CMD ["uvicorn"]
