from debian:12.5 as base
run mkdir /a
from base
user 101
cmd ["true"]
