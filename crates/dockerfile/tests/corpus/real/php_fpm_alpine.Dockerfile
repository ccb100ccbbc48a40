FROM php:8.3.3-fpm-alpine3.19
RUN set -eux; \
    apk add --no-cache --virtual .build-deps $PHPIZE_DEPS icu-dev; \
    docker-php-ext-install intl opcache; \
    apk add --no-cache icu-libs; \
    apk del .build-deps
COPY php.ini /usr/local/etc/php/conf.d/99-app.ini
WORKDIR /srv/app
COPY --chown=www-data:www-data . .
USER www-data
CMD ["php-fpm"]
