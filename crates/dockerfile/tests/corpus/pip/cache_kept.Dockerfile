FROM python:3.12.2-slim
RUN pip install flask==3.0.2
RUN pip3 install flask==3.0.2
RUN python -m pip install flask==3.0.2
RUN python3.12 -m pip install flask==3.0.2
USER 1000
CMD ["flask"]
