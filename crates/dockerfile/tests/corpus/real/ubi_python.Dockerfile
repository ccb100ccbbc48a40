FROM registry.access.redhat.com/ubi9/python-311:1-52
USER 0
ADD reports .
RUN chown -R 1001:0 .
USER 1001
RUN pip install -U "pip>=23" && \
    pip install -r requirements.txt && \
    python -m reports.prepare
CMD python -m reports.serve
