FROM debian:12.5
RUN service postgresql start && su postgres -c "createdb app" && service postgresql stop
RUN /bin/sh -c "service nginx start"
USER 1000
CMD ["true"]
