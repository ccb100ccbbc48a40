FROM python:3.12.2-slim
RUN pip install flask==3.0.2 && pip cache purge
RUN pip install flask==3.0.2 && rm -rf /root/.cache/pip
USER 1000
CMD ["flask"]
