# check=skip=JSONArgsRecommended,StageNameCasing
FROM debian:12.5 AS App
USER 1000
CMD run
