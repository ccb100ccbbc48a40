FROM gcc:13.2.0 AS build
RUN pip3 install conan==2.1.0 --break-system-packages
COPY . /src
RUN cd /src && conan install . --build=missing && cmake --preset release && cmake --build build
FROM debian:bookworm-slim
COPY --from=build /src/build/app /app
ENTRYPOINT ["/app"]
