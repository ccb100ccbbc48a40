FROM alpine:3.19
LABEL maintainer="Jane Doe <jane@example.org>"
LABEL maintainer="jane at example.org"
LABEL maintainer="jane@example"
LABEL maintainer="jane.doe+docker@sub.example.org"
LABEL maintainer="$MAINTAINER"
USER 1000
