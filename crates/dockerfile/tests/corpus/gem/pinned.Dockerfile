FROM ruby:3.3.0-slim
RUN gem install bundler:2.5.6 rake:13.1.0
USER 1000
CMD ["rake"]
