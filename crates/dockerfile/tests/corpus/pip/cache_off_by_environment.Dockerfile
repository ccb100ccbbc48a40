FROM python:3.12.2-slim
ENV PIP_NO_CACHE_DIR=1
RUN pip install flask==3.0.2
USER 1000
CMD ["flask"]
