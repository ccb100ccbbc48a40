FROM debian:12.5 as one
FROM debian:12.5 AS two
FROM debian:12.5 As three
from debian:12.5 as four
from debian:12.5 AS five
USER 1000
