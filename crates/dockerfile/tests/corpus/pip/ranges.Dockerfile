FROM python:3.12.2-slim
RUN pip install --no-cache-dir "flask>=3" 'gunicorn<22' requests~=2.31 'click!=8.1.0' attrs===23.2.0
USER 1000
CMD ["gunicorn", "app:app"]
