FROM ubuntu:22.04
RUN ln -s /opt/tool/bin/sh /usr/local/bin/toolsh
RUN ln -sf /bin/bash /usr/local/bin/bash
RUN ln -sf /dev/stdout /var/log/nginx/access.log
RUN ln -s /bin/sh /opt/rootfs/bin/sh
RUN cp /bin/bash /bin/sh
USER 1000
CMD ["bash"]
