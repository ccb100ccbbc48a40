FROM alpine:3.19
ADD https://github.com/moby/buildkit.git#v0.12.5 /src
ADD git@github.com:moby/buildkit.git#v0.12.5 /src
ADD --keep-git-dir=true https://github.com/moby/buildkit.git#v0.12.5 /src
USER 1000
