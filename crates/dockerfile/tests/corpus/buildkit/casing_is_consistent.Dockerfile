from debian:12.5
run ls
user 1000
