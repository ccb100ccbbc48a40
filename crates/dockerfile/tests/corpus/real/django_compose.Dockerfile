FROM python:3.10-alpine
ENV PYTHONUNBUFFERED 1
ENV SECRET_KEY=changeme
RUN apk update \
    && apk add --virtual build-deps gcc python3-dev musl-dev \
    && apk add postgresql-dev \
    && pip install psycopg2 \
    && apk del build-deps
RUN mkdir /code
WORKDIR /code
ADD requirements.txt /code/
RUN pip install -r requirements.txt
ADD . /code/
CMD python manage.py runserver 0.0.0.0:8000
