FROM python:3.12.2-slim
ARG FLASK_VERSION=3.0.2
RUN pip install --no-cache-dir flask==${FLASK_VERSION}
RUN pip install --no-cache-dir "flask==$FLASK_VERSION"
RUN pip install --no-cache-dir $PACKAGES
USER 1000
CMD ["flask"]
