//! Credential helpers: programs `docker-credential-<name>` that Docker's configuration names
//! (`docker/docker-credential-helpers`, "Development": the command `get` reads the registry from its standard
//! input and answers with JSON).
//!
//! This is the only place of the image crate that starts a program. The user's own configuration chooses it,
//! never the image or the registry; there is no other way to the credentials that it keeps.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use plimsoll_net::Secret;
use serde::Deserialize;

use super::keychain::Credential;

/// How long a helper may think; some ask a person for a password.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked at.
const GLANCE: Duration = Duration::from_millis(5);
/// Longest answer that is read.
const MAX_ANSWER: u64 = 64 << 10;

/// What helpers say, with success or not, of a registry that they do not know.
const UNKNOWN: &str = "credentials not found";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    username: String,
    #[serde(default)]
    secret: String,
}

/// Asks the helper `name` for the credentials of `registry`; `None` if it has none.
pub(super) fn get(name: &str, registry: &str) -> Result<Option<Credential>, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if !name.chars().all(is_plain) {
        return Err("this is not the name of a helper".into());
    }
    ask(
        OsStr::new(&format!("docker-credential-{name}")),
        registry,
        PATIENCE,
    )
}

fn ask(program: &OsStr, registry: &str, patience: Duration) -> Result<Option<Credential>, String> {
    let mut child = Command::new(program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => "it is not installed".to_owned(),
            _ => format!("it cannot be started: {error}"),
        })?;
    let outcome = converse(&mut child, registry, patience);
    // Whatever happened, no child is left behind.
    let _ = child.kill();
    let _ = child.wait();
    interpret(outcome?)
}

fn converse(
    child: &mut Child,
    registry: &str,
    patience: Duration,
) -> Result<(bool, Vec<u8>), String> {
    let begin = Instant::now();
    if let Some(mut input) = child.stdin.take() {
        // A helper that does not read its input shows it in its answer.
        let _ = input.write_all(registry.as_bytes());
    }
    let output = child.stdout.take();
    let (sender, answer) = std::sync::mpsc::channel();
    std::thread::Builder::new()
        .name("helper".into())
        .spawn(move || {
            let mut bytes = Vec::new();
            if let Some(output) = output {
                let _ = output.take(MAX_ANSWER).read_to_end(&mut bytes);
            }
            let _ = sender.send(bytes);
        })
        .map_err(|error| format!("the system gives no thread: {error}"))?;
    let late = || format!("it does not answer within {} s", patience.as_secs_f32());
    let bytes = answer.recv_timeout(patience).map_err(|_| late())?;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok((status.success(), bytes)),
            Ok(None) if begin.elapsed() < patience => std::thread::sleep(GLANCE),
            Ok(None) => return Err(late()),
            Err(error) => return Err(error.to_string()),
        }
    }
}

fn interpret((succeeded, bytes): (bool, Vec<u8>)) -> Result<Option<Credential>, String> {
    let text = String::from_utf8_lossy(&bytes);
    if !succeeded {
        if text.contains(UNKNOWN) {
            return Ok(None);
        }
        let said: String = text
            .trim()
            .chars()
            .filter(|c| !c.is_control())
            .take(200)
            .collect();
        return Err(format!("it fails: {said}"));
    }
    let answer: Answer = serde_json::from_slice(&bytes)
        .map_err(|_| "its answer is not what helpers say".to_owned())?;
    if answer.secret.is_empty() {
        return Ok(None);
    }
    let secret = Secret::new(answer.secret);
    // This name marks a token that is exchanged for others.
    Ok(Some(if answer.username == "<token>" {
        Credential::Identity(secret)
    } else {
        Credential::Password(answer.username, secret)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_understood() {
        let get = |succeeded, text: &str| interpret((succeeded, text.as_bytes().to_vec()));
        assert_eq!(
            get(true, r#"{"ServerURL":"r","Username":"u","Secret":"p"}"#),
            Ok(Some(Credential::Password("u".into(), Secret::new("p"))))
        );
        assert_eq!(
            get(true, r#"{"Username":"<token>","Secret":"t"}"#),
            Ok(Some(Credential::Identity(Secret::new("t"))))
        );
        assert_eq!(
            get(false, "credentials not found in native keychain\n"),
            Ok(None)
        );
        assert_eq!(get(true, "{}"), Ok(None));
        assert!(get(false, "locked").is_err_and(|said| said.contains("locked")));
        // An answer that is not understood may be a secret.
        assert!(get(true, "hunter2").is_err_and(|said| !said.contains("hunter2")));
    }

    #[cfg(unix)]
    #[test]
    fn helpers_are_run_and_ended() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let run = |name: &str, script: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
            ask(path.as_os_str(), "r.example", Duration::from_millis(500))
        };
        let echo = r#"printf '{"Username":"%s","Secret":"%s"}' "$1" "$(cat)""#;
        let expected = Credential::Password("get".into(), Secret::new("r.example"));
        assert_eq!(run("echo", echo), Ok(Some(expected)));
        assert_eq!(
            run("none", "echo credentials not found in store; exit 1"),
            Ok(None)
        );
        let begin = Instant::now();
        assert!(run("hang", "exec sleep 60").is_err_and(|said| said.contains("0.5 s")));
        assert!(run("mute", "exec >&-; exec sleep 60").is_err_and(|said| said.contains("0.5 s")));
        assert!(begin.elapsed() < Duration::from_secs(10));
    }
}
