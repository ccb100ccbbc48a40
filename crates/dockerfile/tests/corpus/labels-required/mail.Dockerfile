FROM alpine:3.19 AS a
LABEL maintainer="Jane Doe <jane@example.org>"
FROM alpine:3.19 AS b
LABEL maintainer="jane at example.org"
FROM alpine:3.19 AS c
LABEL maintainer="jane@example"
FROM alpine:3.19 AS d
LABEL maintainer="jane.doe+docker@sub.example.org"
FROM alpine:3.19 AS e
LABEL maintainer="$MAINTAINER"
USER 1000
