FROM alpine:3.19
RUN echo "cd /opt"
RUN abcd /opt && ./cd /opt
RUN touch cd && rm cd
RUN echo cd /opt
RUN printf 'cd /opt\n' > /entry.sh
USER 1000
CMD ["true"]
