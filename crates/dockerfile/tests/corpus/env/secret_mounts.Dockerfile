FROM alpine:3.19
RUN --mount=type=secret,id=npm,target=/root/.npmrc npm ci
RUN --mount=type=secret,id=aws,env=AWS_SECRET_ACCESS_KEY aws s3 ls
USER 1000
