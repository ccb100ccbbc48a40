FROM ruby:3.3.0-slim
RUN gem install --no-document --install-dir /opt/gems bundler:2.5.6
RUN gem install bundler:2.5.6 -- --with-opt-dir=/usr/local
RUN gem install --source https://gems.example.org rake:13.1.0
RUN gem install ./local.gem
RUN gem update --system && gem list && gem sources --add https://gems.example.org
RUN bundle install --jobs 4
USER 1000
CMD ["rails"]
