FROM ubuntu:22.04
RUN ln -sf /bin/bash /bin/sh
RUN ln -sf bash /bin/sh && true
RUN rm /bin/sh && ln -s /bin/bash /bin/sh
USER 1000
CMD ["bash"]
