# escape=`
FROM mcr.microsoft.com/powershell:7.4-nanoserver-ltsc2022
SHELL ["pwsh", "-Command", "$ErrorActionPreference = 'Stop';"]
RUN Get-ChildItem | Sort-Object
RUN Get-Content a.txt | Select-Object -First 1; cd C:\temp
USER ContainerUser
CMD ["pwsh"]
