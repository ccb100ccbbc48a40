FROM debian:12.5
RUN useradd -u 123456 app
RUN useradd -l -u 123456 app
RUN useradd --uid 1234567 --create-home app
RUN useradd --no-log-init --uid 1234567 app
RUN useradd -lu 123456 app
RUN useradd -mu 123456 app
USER 1000
CMD ["true"]
