FROM python:3.12.2-slim AS build
ENV PIP_NO_CACHE_DIR=1
RUN pip install flask==3.0.2
FROM python:3.12.2-slim
RUN pip install flask==3.0.2
FROM build AS test
RUN pip install pytest==8.0.2
USER 1000
CMD ["flask"]
