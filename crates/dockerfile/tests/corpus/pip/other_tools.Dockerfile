FROM python:3.12.2-slim
RUN pipx install poetry==1.8.2
RUN pipenv install --deploy --system
RUN poetry install --no-root --only main
RUN uv pip install --system flask
RUN conda install -y numpy && easy_install flask
USER 1000
CMD ["flask"]
