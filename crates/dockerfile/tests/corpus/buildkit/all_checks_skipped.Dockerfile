# check=skip=all
FROM debian:12.5 as App
maintainer me
CMD run
