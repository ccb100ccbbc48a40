FROM ruby:3.3.0-slim
RUN gem install "bundler:${BUNDLER_VERSION}"
RUN gem install bundler:$BUNDLER_VERSION
RUN gem install "$GEMS"
USER 1000
CMD ["rails"]
