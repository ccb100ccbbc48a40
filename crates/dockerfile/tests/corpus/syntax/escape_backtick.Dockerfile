# escape=`
FROM mcr.microsoft.com/windows/servercore:ltsc2022
SHELL ["powershell", "-Command", "$ErrorActionPreference = 'Stop';"]
RUN Invoke-WebRequest https://example.org/a.zip -OutFile a.zip; `
    Expand-Archive a.zip C:\a; `
    Remove-Item a.zip
WORKDIR C:\a
EXPOSE 80 443
ENTRYPOINT ["C:\\a\\run.exe"]
