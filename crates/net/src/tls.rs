//! Whom TLS connections trust.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use crate::{NetError, Roots};

/// Where distributions keep the certificates that they trust, as one file: Debian, Fedora, openSUSE, RHEL,
/// Alpine and macOS, FreeBSD.
const SYSTEM: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
];

/// The configuration for connections with these roots; files are read here.
pub(crate) fn config(roots: &Roots) -> Result<TlsConfig, NetError> {
    let certificates = match roots {
        Roots::Bundled => None,
        Roots::System => {
            let bundle = SYSTEM
                .into_iter()
                .map(Path::new)
                .find(|path| path.is_file());
            bundle.map(|path| read(&[path.to_owned()])).transpose()?
        }
        Roots::Files(paths) => Some(read(paths)?),
    };
    let roots = match certificates {
        Some(certificates) => RootCerts::Specific(Arc::new(certificates)),
        None => RootCerts::WebPki,
    };
    Ok(TlsConfig::builder().root_certs(roots).build())
}

fn read(paths: &[PathBuf]) -> Result<Vec<Certificate<'static>>, NetError> {
    let mut certificates = Vec::new();
    for path in paths {
        let wrong = |reason: String| NetError::Certificates {
            path: path.clone(),
            reason,
        };
        let pem = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
        let before = certificates.len();
        for item in parse_pem(&pem) {
            match item {
                Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
                Ok(_) => {}
                Err(error) => return Err(wrong(error.to_string())),
            }
        }
        if certificates.len() == before {
            return Err(wrong("it has no certificate in PEM form".into()));
        }
    }
    Ok(certificates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_without_certificates_are_refused() {
        for path in ["/nonexistent/ca.pem", "/dev/null"] {
            let error = config(&Roots::Files(vec![path.into()])).unwrap_err();
            assert!(error.to_string().contains(path), "{error}");
        }
        assert!(config(&Roots::Bundled).is_ok());
        assert!(config(&Roots::System).is_ok());
    }
}
