ARG A=12
FROM debian:${A:-12}
FROM debian:${A:+12}
FROM debian:${A#v}
FROM debian:${A%%-*}
FROM debian:${A/x/y}
USER 1000
