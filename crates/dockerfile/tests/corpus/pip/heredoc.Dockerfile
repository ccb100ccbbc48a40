FROM python:3.12.2-slim
RUN <<EOF
pip install --upgrade pip
pip install --no-cache-dir flask==3.0.2
EOF

USER 1000
CMD ["flask"]
