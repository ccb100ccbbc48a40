# escape=`
FROM mcr.microsoft.com/dotnet/framework/aspnet:4.8-windowsservercore-ltsc2022
ARG site
WORKDIR /inetpub/wwwroot
COPY ${site:-out/site} .
RUN powershell -Command `
    Install-WindowsFeature Web-Basic-Auth; `
    Remove-Item -Recurse C:\temp\*
