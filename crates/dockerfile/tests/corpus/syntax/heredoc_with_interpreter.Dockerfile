FROM python:3.12.2-slim
RUN <<EOF python3
import os
print("cd /opt | sort")
EOF

RUN python3 <<EOF
print("sudo")
EOF

USER 1000
