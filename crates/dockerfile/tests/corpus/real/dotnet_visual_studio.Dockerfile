FROM mcr.microsoft.com/dotnet/aspnet:8.0 AS run
USER app
WORKDIR /srv
EXPOSE 8080
EXPOSE 8443
FROM mcr.microsoft.com/dotnet/sdk:8.0 AS compile
ARG FLAVOUR=Release
WORKDIR /code
COPY ["Orders/Orders.csproj", "Orders/"]
RUN dotnet restore "Orders/Orders.csproj"
COPY . .
WORKDIR "/code/Orders"
RUN dotnet build Orders.csproj -c $FLAVOUR -o /out/build
FROM compile AS pack
RUN dotnet publish Orders.csproj -c $FLAVOUR -o /out/publish
FROM run
WORKDIR /srv
COPY --from=pack /out/publish .
ENTRYPOINT ["dotnet", "Orders.dll"]
