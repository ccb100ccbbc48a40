#trivy:ignore:DS-0002
FROM debian
#trivy:ignore:DS-0013
RUN cd /opt
