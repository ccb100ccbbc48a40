//! The programs and schemas that `cargo xtask peers` installs.

use std::path::{Path, PathBuf};
use std::process::Command;

fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// A program of a peer, from the workspace or from `PATH`.
pub(crate) fn program(name: &str) -> PathBuf {
    let installed = workspace().join("target/peers/bin").join(name);
    if installed.is_file() {
        return installed;
    }
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths)
        .map(|dir| dir.join(name))
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("`{name}` is missing; `cargo xtask peers` installs it"))
}

/// The Python that has the libraries which judge documents.
pub(crate) fn python() -> PathBuf {
    let python = workspace().join("target/peers/venv/bin/python");
    assert!(
        python.exists(),
        "`{}` is missing; `cargo xtask peers` installs it",
        python.display()
    );
    python
}

/// The folder with the schemas of the CycloneDX specification.
pub(crate) fn schemas() -> PathBuf {
    workspace().join("target/peers/cyclonedx")
}

/// A schema of the CycloneDX specification.
pub(crate) fn schema(name: &str) -> serde_json::Value {
    let path = schemas().join(name);
    let text = std::fs::read(&path).unwrap_or_else(|error| {
        panic!(
            "`{}`: {error}; `cargo xtask peers` installs it",
            path.display()
        )
    });
    serde_json::from_slice(&text).expect("schemas are JSON")
}

/// What a program says, which must end well.
pub(crate) fn output(command: &mut Command) -> String {
    let output = command.output().expect("the program starts");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("the output is UTF-8")
}
