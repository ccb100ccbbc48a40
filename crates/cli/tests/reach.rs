//! What a container loads when it starts, held against the dynamic linker of a real Debian image.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use plimsoll_testkit::debian::{Suites, bullseye};
use plimsoll_testkit::image::{Compression, Image, Layer, docker};
use plimsoll_testkit::program::Program;
use serde_json::{Value, json};

fn output(command: &mut Command) -> Vec<u8> {
    let output = command.output().expect("the program is there");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    output.stdout
}

/// The root filesystem of the image, as a tar.
fn root(archive: &Path) -> Vec<u8> {
    let list = output(Command::new("tar").arg("-tf").arg(archive));
    let list = String::from_utf8(list).expect("names are text");
    let layer = list
        .lines()
        .find(|name| name.ends_with("layer.tar"))
        .expect("there is a layer");
    output(Command::new("tar").arg("-xOf").arg(archive).arg(layer))
}

/// The files that the image's own dynamic linker would load, with links resolved, and without a leading slash.
fn linked(root: &Path, program: &str) -> BTreeSet<String> {
    let list = output(Command::new("chroot").arg(root).args([
        "/lib64/ld-linux-x86-64.so.2",
        "--list",
        program,
    ]));
    let list = String::from_utf8(list).expect("names are text");
    let paths = list.lines().filter_map(|line| {
        let (_, path) = line.split_once("=> ")?;
        path.split(' ').next()
    });
    let real = |path: &str| {
        let real = output(
            Command::new("chroot")
                .arg(root)
                .args(["/usr/bin/realpath", path]),
        );
        let real = String::from_utf8(real).expect("names are text");
        real.trim().trim_start_matches('/').to_owned()
    };
    paths.chain([program]).map(real).collect()
}

fn loads(program: &Program, tar: &[u8], entrypoint: Value, command: Value) -> Value {
    let layer = Layer::of_tar(tar.to_vec()).stored(Compression::None);
    let image = Image::new("test/reach:1")
        .layer(layer)
        .set("/config/Entrypoint", entrypoint)
        .set("/config/Cmd", command)
        .set("/config/Env", json!(["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]));
    let file = program.file("image.tar", docker(&[image]).tar());
    let file = file.to_str().expect("temporary paths are text");
    let run = program.run(["inspect", "--coverage", "-f", "json", file]);
    run.ends(0, &[]);
    run.json()[0]["Loads"].clone()
}

fn paths(loads: &Value) -> BTreeSet<String> {
    let files = loads["Files"].as_array().expect("a list");
    let paths = files
        .iter()
        .map(|file| file["Path"].as_str().expect("a text"));
    paths.map(str::to_owned).collect()
}

#[test]
fn what_a_program_is_linked_to_is_what_its_dynamic_linker_says() {
    let tar = root(&bullseye(Suites::WithSecurity).archive());
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let folder = program.folder().join("root");
    std::fs::create_dir(&folder).expect("a folder can be made");
    let file = program.file("root.tar", tar.clone());
    // Device files need rights that a container may lack, and nobody asks for them here.
    output(
        Command::new("tar")
            .arg("-xf")
            .arg(&file)
            .args(["--exclude=./dev/*", "-C"])
            .arg(&folder),
    );
    for name in [
        "/usr/sbin/nginx",
        "/usr/bin/git",
        "/usr/bin/curl",
        "/usr/bin/vim.tiny",
    ] {
        let found = loads(&program, &tar, json!([name]), json!([]));
        let mut expected = linked(&folder, name);
        // The dynamic linker does not list itself by an arrow.
        expected.insert("usr/lib/x86_64-linux-gnu/ld-2.31.so".to_owned());
        let found_paths = paths(&found);
        let merged: BTreeSet<String> = found_paths
            .iter()
            .map(|path| path.strip_prefix("usr/").unwrap_or(path).to_owned())
            .collect();
        let expected: BTreeSet<String> = expected
            .iter()
            .map(|path| path.strip_prefix("usr/").unwrap_or(path).to_owned())
            .collect();
        assert_eq!(merged, expected, "{name}");
        assert_eq!(found["HandsOver"], false, "{name}");
        let files = found["Files"].as_array().expect("a list");
        assert!(
            files.iter().all(|file| file["Package"].is_string()),
            "{files:#?}"
        );
    }
}

#[test]
fn a_script_hands_over_to_its_interpreter_and_to_the_command() {
    let mut tar = root(&bullseye(Suites::WithSecurity).archive());
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    // Two tar files in one: the end of the first is its last entry, so it is cut off there.
    let start = Layer::of_files(&[("start.sh", 0o755, b"#!/usr/bin/env bash\nexec \"$@\"\n")]);
    let end = tar
        .iter()
        .rposition(|byte| *byte != 0)
        .expect("it is not empty");
    tar.truncate((end / 512 + 1) * 512);
    tar.extend_from_slice(start.tar());
    let found = loads(
        &program,
        &tar,
        json!(["/start.sh"]),
        json!(["nginx", "-g", "daemon off;"]),
    );
    let files = paths(&found);
    assert_eq!(found["HandsOver"], true);
    for path in ["start.sh", "usr/bin/env", "usr/sbin/nginx"] {
        assert!(files.contains(path), "{path}: {files:?}");
    }
    assert!(
        files.iter().any(|path| path.ends_with("bin/bash")),
        "{files:?}"
    );
    assert!(!files.contains("usr/bin/git"), "{files:?}");
}
