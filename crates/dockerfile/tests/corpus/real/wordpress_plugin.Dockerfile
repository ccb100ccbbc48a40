FROM wordpress:6.4.3-php8.2-apache
RUN curl -o plugin.zip -SL https://downloads.wordpress.org/plugin/redis-cache.2.5.1.zip \
 && unzip plugin.zip -d /usr/src/wordpress/wp-content/plugins \
 && rm plugin.zip
COPY wp-config.php /usr/src/wordpress/
ENV WORDPRESS_DB_PASSWORD=secret
