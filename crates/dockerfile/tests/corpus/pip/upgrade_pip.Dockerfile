FROM python:3.12.2-slim
RUN pip install --no-cache-dir --upgrade pip
RUN pip install --no-cache-dir -U pip setuptools wheel
RUN python -m pip install --no-cache-dir --upgrade pip
RUN python3 -m pip install --no-cache-dir --upgrade pip==24.0
USER 1000
CMD ["python"]
