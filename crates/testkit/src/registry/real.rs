//! Debian's `docker-registry`, started by the test and ended with it.

use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use crate::background::{Running, find, free_port, run};

/// `me` and `s3cret pass`, hashed with bcrypt.
const HTPASSWD: &str = "me:$2b$04$DCRzC./cPjheNeCeTIrIUeILMZSCjX0j/ElFs2UujL3pfqXh8i3Ki\n";

/// A registry on this machine, empty at first.
#[derive(Debug)]
pub struct RealRegistry {
    port: u16,
    _running: Running,
    folder: tempfile::TempDir,
}

/// How the registry is guarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Not at all.
    Nothing,
    /// The user `me` with the password `s3cret pass`.
    Password,
    /// TLS with the certificate `cert.pem` of its folder.
    Tls,
}

impl RealRegistry {
    /// Starts one on a free port.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn start(guard: Guard) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let port = free_port();
        let data = folder.path().join("data");
        let at = |name: &str| folder.path().join(name).display().to_string();
        let tls = match guard {
            Guard::Tls => {
                make_certificate(folder.path());
                format!(
                    ", tls: {{certificate: '{}', key: '{}'}}",
                    at("cert.pem"),
                    at("key.pem")
                )
            }
            Guard::Nothing | Guard::Password => String::new(),
        };
        let auth = match guard {
            Guard::Password => {
                std::fs::write(at("htpasswd"), HTPASSWD).expect("a file can be written");
                format!(
                    "auth: {{htpasswd: {{realm: test, path: '{}'}}}}\n",
                    at("htpasswd")
                )
            }
            Guard::Nothing | Guard::Tls => String::new(),
        };
        let config = format!(
            "version: 0.1\nlog: {{level: error}}\nhttp: {{addr: '127.0.0.1:{port}'{tls}}}\n\
             storage: {{filesystem: {{rootdirectory: '{}'}}}}\n{auth}",
            data.display()
        );
        let path = folder.path().join("config.yml");
        std::fs::write(&path, config).expect("a file can be written");
        let program = find("docker-registry", "docker-registry");
        let running = Running::start(Command::new(program).arg("serve").arg(path), || {
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        Self {
            port,
            _running: running,
            folder,
        }
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The name of something in it.
    #[must_use]
    pub fn name(&self, rest: &str) -> String {
        format!("127.0.0.1:{}/{rest}", self.port)
    }

    /// A folder that goes with it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// A certificate for this machine that signs itself, and its key.
fn make_certificate(folder: &Path) {
    run(Command::new(find("openssl", "openssl"))
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        ])
        .args(["-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
        .args([
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-keyout",
            "key.pem",
            "-out",
            "cert.pem",
        ])
        .current_dir(folder));
}
