FROM python:3.12.2-slim
RUN --mount=type=cache,target=/root/.cache/pip pip install flask==3.0.2
RUN --mount=type=cache,target=/root/.cache pip install flask==3.0.2
USER 1000
CMD ["flask"]
