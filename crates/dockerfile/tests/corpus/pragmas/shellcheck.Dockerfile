FROM debian:12.5
# hadolint ignore=SC2086
RUN echo $A $B
RUN echo $A $B
