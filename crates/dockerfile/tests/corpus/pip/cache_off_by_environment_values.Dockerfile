FROM python:3.12.2-slim AS one
ENV PIP_NO_CACHE_DIR=true
RUN pip install flask==3.0.2
FROM python:3.12.2-slim AS two
ENV PIP_NO_CACHE_DIR=off
RUN pip install flask==3.0.2
FROM python:3.12.2-slim AS three
ENV PIP_NO_CACHE_DIR=0
RUN pip install flask==3.0.2
FROM python:3.12.2-slim AS four
ARG PIP_NO_CACHE_DIR=1
RUN pip install flask==3.0.2
FROM python:3.12.2-slim
RUN PIP_NO_CACHE_DIR=1 pip install flask==3.0.2
RUN export PIP_NO_CACHE_DIR=1 && pip install flask==3.0.2
USER 1000
CMD ["flask"]
