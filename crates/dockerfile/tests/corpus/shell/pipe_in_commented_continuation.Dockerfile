FROM debian:12.5
RUN ls \
    # | sort
    && true
RUN ls \
    # and now sort
    | sort
USER 1000
CMD ["true"]
