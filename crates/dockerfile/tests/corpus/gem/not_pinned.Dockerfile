FROM ruby:3.3.0-slim
RUN gem install bundler
RUN gem install --no-document rails puma:6.4.2
RUN gem i rake
USER 1000
CMD ["rails"]
