# syntax=docker/dockerfile:1.6
# check=skip=JSONArgsRecommended
# escape=\
FROM debian:12.5
USER 1000
CMD run
