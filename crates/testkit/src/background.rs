//! Programs of this machine that tests start in the background: found, waited for, and ended.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a program may take to be ready, or to end; a busy machine is slow.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the program is: on the path, or where only administrators look.
///
/// # Panics
/// If it is not installed: the message names the package that brings it on Debian.
#[must_use]
pub fn find(name: &str, package: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/sbin".into()])
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("this test starts `{name}`: install the package `{package}`"))
}

/// A port that was free a moment ago.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("it has a number").port()
}

/// Runs a command to its end.
///
/// # Panics
/// If it fails; the message has what it said.
pub fn run(command: &mut Command) -> Vec<u8> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?} fails: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// A program in the background, which ends with the value.
#[derive(Debug)]
pub struct Running(Child);

impl Running {
    /// Starts it and waits until `is_ready`.
    ///
    /// # Panics
    /// If it cannot be started, ends at once, or takes too long.
    pub fn start(command: &mut Command, is_ready: impl Fn() -> bool) -> Self {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = command.spawn();
        let child = child.unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let mut running = Self(child);
        let begin = Instant::now();
        while !is_ready() {
            let ended = running.0.try_wait().ok().flatten();
            assert!(ended.is_none(), "{command:?} ends at once: {ended:?}");
            assert!(begin.elapsed() < PATIENCE, "{command:?} does not get ready");
            std::thread::sleep(Duration::from_millis(20));
        }
        running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Asked nicely first: daemons end what they have started themselves.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            if !matches!(self.0.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
