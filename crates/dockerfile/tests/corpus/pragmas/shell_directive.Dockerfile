FROM debian:12.5
# hadolint shell=/bin/bash
RUN [[ -f /a ]] && ls | sort
# hadolint shell=powershell
RUN Get-ChildItem | Sort-Object
