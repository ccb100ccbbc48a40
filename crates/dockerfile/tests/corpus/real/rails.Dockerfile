ARG RUBY=3.3.0
FROM ruby:$RUBY-slim as common
WORKDIR /shop
ENV RAILS_ENV="production" BUNDLE_PATH="/gems"
FROM common as assets
RUN apt-get update -qq && \
    apt-get install --no-install-recommends -y build-essential git libvips
COPY Gemfile Gemfile.lock ./
RUN bundle install && rm -rf "${BUNDLE_PATH}"/cache
COPY . .
RUN SECRET_KEY_BASE=none ./bin/rails assets:precompile
FROM common
RUN apt-get update -qq && \
    apt-get install --no-install-recommends -y libvips && \
    rm -rf /var/lib/apt/lists /var/cache/apt/archives
COPY --from=assets /gems /gems
COPY --from=assets /shop /shop
RUN useradd shop --create-home && chown -R shop log tmp
USER shop:shop
ENTRYPOINT ["/shop/bin/start"]
EXPOSE 3000
CMD ["./bin/rails", "server"]
