FROM nvidia/cuda:12.3.2-cudnn9-runtime-ubuntu22.04
RUN apt-get update && apt-get install -y python3-pip git wget
RUN pip3 install torch torchvision --index-url https://download.pytorch.org/whl/cu121
RUN wget https://example.org/weights.bin -P /models
ENV HF_TOKEN=hf_example
WORKDIR /workspace
COPY train.py .
CMD ["python3", "train.py"]
