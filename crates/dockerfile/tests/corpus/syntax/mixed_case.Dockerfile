From debian:12.5
Run cd /opt
uSER root
cmd ["a"]
