FROM ubuntu:22.04
USER 1000
ENTRYPOINT ["sudo", "/entry.sh"]
CMD ["true"]
