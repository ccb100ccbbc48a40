FROM ruby:3.3.0-slim
RUN gem install bundler -v 2.5.6
RUN gem install bundler --version 2.5.6
RUN gem install bundler --version=2.5.6
RUN gem install bundler -v "$BUNDLER_VERSION"
RUN gem install -v 2.5.6 bundler
RUN gem install bundler --version '>= 2'
USER 1000
CMD ["rails"]
