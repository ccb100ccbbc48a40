# escape=`
FROM mcr.microsoft.com/windows/nanoserver:ltsc2022
COPY app.exe C:\app\app.exe
COPY app.exe C:/app/
COPY app.exe app\
COPY app.exe \app\
USER ContainerUser
