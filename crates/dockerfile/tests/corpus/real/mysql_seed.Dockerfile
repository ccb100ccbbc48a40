FROM mysql:8.3.0
ENV MYSQL_ROOT_PASSWORD root
ENV MYSQL_DATABASE shop
ADD seed.sql /docker-entrypoint-initdb.d
EXPOSE 3306
