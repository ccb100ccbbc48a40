FROM debian:12.5
RUN useradd -u 10001 app
RUN useradd -u 99999 app
RUN useradd app
RUN useradd -u ${APP_UID} app
RUN adduser --uid 1234567 app
RUN useradd --uid=1234567 app
USER 1000
CMD ["true"]
