FROM alpine:3.19
ENV APP=/opt/app/
COPY a.txt b.txt $APP
COPY a.txt b.txt ${APP}
COPY a.txt b.txt "/opt/app/"
COPY a.txt b.txt ${APP}/
USER 1000
