FROM denoland/deno:alpine-1.41.0
EXPOSE 4507
WORKDIR /feed
USER deno
COPY imports.ts .
RUN deno cache imports.ts
ADD . .
RUN deno cache feed.ts
CMD ["run", "--allow-net", "feed.ts"]
