FROM opensuse/leap:15.5
RUN zypper ref && zypper up -y && zypper in -y gcc make cmake
WORKDIR /work
COPY . /work
RUN cd build && cmake .. && make
