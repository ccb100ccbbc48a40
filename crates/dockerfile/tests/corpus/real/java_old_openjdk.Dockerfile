FROM openjdk:8
VOLUME /scratch
ARG ARCHIVE
ADD ${ARCHIVE} shop.jar
RUN sh -c 'touch /shop.jar'
ENV OPTIONS=""
ENTRYPOINT [ "sh", "-c", "java $OPTIONS -jar /shop.jar" ]
