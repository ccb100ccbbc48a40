FROM alpine:3.19 AS build
RUN mkdir /a
FROM alpine:3.19
COPY --from=build / /rootfs
COPY --from=build /. /
COPY --from=build /usr /
COPY --from=build "/" "/"
COPY --from=build ["/", "/"]
COPY --from=build /* /
COPY / /
USER 1000
