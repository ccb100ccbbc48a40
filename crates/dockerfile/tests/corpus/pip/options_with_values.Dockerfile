FROM python:3.12.2-slim
RUN pip install --no-cache-dir --index-url https://pypi.example.org/simple flask==3.0.2
RUN pip install --no-cache-dir -i https://pypi.example.org/simple --trusted-host pypi.example.org flask==3.0.2
RUN pip install --no-cache-dir --target /opt/lib --no-deps flask==3.0.2
RUN pip install --no-cache-dir -t /opt/lib flask
RUN pip install --no-cache-dir --prefix=/install flask==3.0.2
RUN pip install --no-cache-dir --no-binary :all: psycopg2==2.9.9
RUN pip install --no-cache-dir --find-links /wheels flask==3.0.2
RUN pip install --no-cache-dir --timeout 100 --retries 5 flask==3.0.2
RUN pip install --no-cache-dir --global-option build_ext pillow==10.2.0
USER 1000
CMD ["flask"]
