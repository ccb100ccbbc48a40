//! The program as people and scripts meet it: arguments, outputs, exit codes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::io::Read as _;
use std::path::{Path, PathBuf};

use plimsoll_testkit::careful::{ALPINE, OPEN, PURL, database, image as careful, policy};
use plimsoll_testkit::image::{Image, docker, oci};
use plimsoll_testkit::program::Program;

fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_plimsoll"))
}

/// The image in a layout directory.
fn layout(program: &Program, image: &Image) -> PathBuf {
    let folder = program.folder().join("image");
    oci(std::slice::from_ref(image)).write(&folder);
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary paths are UTF-8")
}

#[test]
fn usage_errors_end_with_2_and_name_the_argument() {
    let program = program();
    let image = program.file("image.tar", docker(&[careful()]).tar());
    let image = text(&image);
    for (args, words) in [
        (&["asses"][..], "asses"),
        (&["assess"], "<IMAGE>"),
        (&["assess", image, "--nope"], "--nope"),
        (&["assess", image, "--lang", "tlh"], "tlh"),
        (&["assess", image, "--format", "yaml"], "`yaml`"),
        (&["scan", image, "-f", "yaml"], "`yaml`"),
        (&["sbom", image, "-f", "yaml"], "`yaml`"),
        (&["inspect", image, "-f", "yaml"], "`yaml`"),
        (&["assess", image, "--platform", "a/b/c/d/e"], "a/b/c/d/e"),
        (&["assess", ""], "image"),
        (&["assess", "registry.example/UPPER"], "UPPER"),
        (&["db"], "Usage"),
        (&["db", "build", "--out", "x"], "--from"),
        (&["explain", "version", "deb", "1"], "<B>"),
        (&["explain", "version", "roman", "1", "2"], "`roman`"),
        (&["explain", "version", "deb", "1", "~~;"], "~~;"),
        (
            &["explain", "version", "deb", "1", "2", "--stdin"],
            "--stdin",
        ),
        (&[], "Usage"),
    ] {
        let run = program.run(args);
        assert_eq!(run.code, 2, "{args:?}: {run:?}");
        assert!(run.stderr.contains(words), "{args:?}: {}", run.stderr);
        assert!(run.stdout.is_empty(), "{args:?}: {run:?}");
    }
    let run = program.run_with(["assess", image], &[("PLIMSOLL_LANG", "tlh")], b"");
    run.ends(2, &["PLIMSOLL_LANG", "tlh"]);
}

#[test]
fn questions_about_the_program_are_answered_on_standard_output() {
    let program = program();
    let version = program.run(["--version"]);
    version.ends(0, &[]);
    assert_eq!(
        version.text(),
        concat!("plimsoll ", env!("CARGO_PKG_VERSION"), "\n")
    );
    for verb in ["assess", "scan", "sbom", "inspect", "db", "explain"] {
        let help = program.run([verb, "--help"]);
        help.ends(0, &[]);
        for argument in ["--db", "--cache-dir", "--offline", "--quiet", "--lang"] {
            assert!(help.text().contains(argument), "{verb} {argument}");
        }
        assert!(help.stderr.is_empty(), "{help:?}");
    }
}

#[test]
fn versions_are_compared() {
    let program = program();
    for (scheme, a, b, sign) in [
        ("deb", "1.0~rc1", "1.0", "<"),
        ("deb", "1:0", "2", ">"),
        ("rpm", "1.0^git1", "1.0", ">"),
        ("apk", "1.6_rc1-r0", "1.6-r0", "<"),
        ("semver", "1.0.0+a", "1.0.0+b", "="),
        ("npm", "1.2.3-beta", "1.2.3", "<"),
        ("pep440", "1.0.dev1", "1.0a1", "<"),
        ("pep440", "1.0", "1.0.0", "="),
        ("maven", "1.0-SNAPSHOT", "1.0", "<"),
        ("go", "v0.0.0-20220101000000-abcdefabcdef", "v0.1.0", "<"),
        ("deb", "-1", "1", "?"),
    ] {
        let run = program.run(["explain", "version", scheme, a, b]);
        if sign == "?" {
            run.ends(2, &["-1"]);
        } else {
            run.ends(0, &[]);
            assert_eq!(run.text(), format!("{sign}\n"), "{scheme} {a} {b}");
        }
    }
}

#[test]
fn versions_are_compared_line_by_line() {
    let input =
        b"deb\t1\t2\nnpm\t1.0.0\t1.0.0\nrpm\t2\t1\nsemver\tone\t1.0.0\nroman\tI\tII\ndeb\t1\n\n\
                  deb\t\xff\t1\ndeb\t1\t2\t3\ndeb\t1\t2\r\napk\t1\t2";
    let run = program().run_with(["explain", "version", "--stdin"], &[], input);
    run.ends(0, &[]);
    assert_eq!(run.text(), "<\n=\n>\n?\n?\n?\n?\n?\n?\n<\n<\n");
}

#[test]
fn every_verb_takes_the_common_arguments() {
    let program = program();
    let image = layout(&program, &careful());
    let db = database(&program);
    let cache = program.folder().join("elsewhere");
    let out = program.folder().join("built.db");
    let feeds = program.folder().join("feeds");
    for verb in [
        &["assess", text(&image)][..],
        &["scan", text(&image)],
        &["sbom", text(&image)],
        &["inspect", text(&image)],
        &["db", "status"],
        &["db", "build", "--from", text(&feeds), "--out", text(&out)],
        &["explain", "version", "deb", "1", "2"],
    ] {
        let common = [
            "--offline",
            "--quiet",
            "--lang",
            "zh",
            "--db",
            text(&db),
            "--cache-dir",
            text(&cache),
        ];
        for args in [[verb, &common].concat(), [&common, verb].concat()] {
            let run = program.run(&args);
            assert!(matches!(run.code, 0 | 3), "{args:?}: {run:?}");
            assert!(run.stderr.is_empty(), "{args:?}: {}", run.stderr);
        }
    }
    assert!(cache.is_dir(), "the cache is where it was asked for");
    assert!(!program.cache().exists(), "and nowhere else");
}

#[test]
fn a_database_that_is_none_is_named_before_the_image_is_read() {
    let program = program();
    let image = layout(&program, &careful());
    let noise = program.file(
        "noise.db",
        b"not a database at all, but long enough to hold a header, if it were one",
    );
    for (db, words) in [
        (program.folder().join("absent.db"), "absent.db"),
        (noise, "noise.db"),
        (program.file("empty.db", b""), "empty.db"),
    ] {
        for verb in ["assess", "scan"] {
            let run = program.run([verb, text(&image), "--db", text(&db)]);
            run.ends(4, &[words]);
            assert!(run.stdout.is_empty());
        }
        program
            .run(["db", "status", "--db", text(&db)])
            .ends(4, &[words]);
    }
    // Every truncation is seen, at the latest when the part that is missing is asked for.
    let whole = std::fs::read(database(&program)).unwrap();
    for length in (0..whole.len()).step_by(whole.len() / 40 + 1) {
        let cut = program.file("cut.db", &whole[..length]);
        let run = program.run(["db", "status", "--db", text(&cut)]);
        run.ends(4, &["cut.db"]);
    }
}

#[test]
fn feeds_that_are_none_are_named() {
    let program = program();
    let out = program.folder().join("out.db");
    let build =
        |from: &Path| program.run(["db", "build", "--from", text(from), "--out", text(&out)]);
    build(&program.folder().join("absent")).ends(4, &["absent"]);
    let feeds = program.folder().join("feeds/debian");
    std::fs::create_dir_all(&feeds).unwrap();
    for bytes in [
        &b""[..],
        b"{",
        b"[1, 2]",
        b"\xff\xfe\0",
        b"{\"a\": {\"CVE-1\": ",
    ] {
        std::fs::write(feeds.join("tracker.json"), bytes).unwrap();
        build(&program.folder().join("feeds")).ends(4, &["tracker.json"]);
        assert!(!out.exists(), "nothing half made is left");
    }
}

#[test]
fn support_dates_come_with_the_database() {
    let program = program();
    let image = layout(&program, &careful());
    let feeds = program.folder().join("feeds/endoflife");
    std::fs::create_dir_all(&feeds).unwrap();
    let out = program.folder().join("dates.db");
    let said = |generated: &str| {
        let products = format!(
            r#"{{"generated_at": "{generated}T00:00:00Z", "result": [{{"name": "alpine-linux",
            "tags": ["linux-distribution"], "releases": [{{"name": "3.22", "eolFrom": "2001-02-03"}}]}}]}}"#
        );
        std::fs::write(feeds.join("products-full.json"), products).unwrap();
        let from = feeds.parent().unwrap();
        let run = program.run(["db", "build", "--from", text(from), "--out", text(&out)]);
        run.ends(0, &[]);
        let run = program.run(["assess", text(&image), "-f", "json", "--db", text(&out)]);
        let report = run.json();
        let checks = report["checks"].as_array().unwrap();
        let check = checks.iter().find(|check| check["id"] == "base-eol");
        check.unwrap().to_string()
    };
    assert!(said("2099-01-01").contains("2001-02-03"));
    assert!(
        !said("2001-01-01").contains("2001-02-03"),
        "older than what the program knows itself"
    );
}

#[test]
fn the_verdict_is_the_exit_code() {
    let program = program();
    let image = layout(&program, &careful());
    let db = database(&program);
    let assess = |extra: &[&str]| {
        let args = [
            &["assess", text(&image), "-f", "json", "--db", text(&db)],
            extra,
        ]
        .concat();
        program.run(args)
    };
    // A named maintainer may have gone long ago: without a look at the source it cannot be said.
    let run = assess(&[]);
    run.ends(3, &[]);
    assert_eq!(run.json()["verdict"]["decision"], "unknown", "{run:?}");
    // Somebody answers for it; that it was not tried remains as a condition.
    let some = program.file("some.toml", policy(OPEN));
    let run = assess(&["--policy", text(&some)]);
    run.ends(0, &[]);
    assert_eq!(run.json()["verdict"]["decision"], "conditional", "{run:?}");
    assess(&["--policy", text(&some), "--strict"]).ends(1, &[]);
    // Somebody answers for everything that is open.
    let open = run.json();
    let mut rules = OPEN.to_vec();
    let checks = open["checks"].as_array().unwrap();
    for check in checks {
        if matches!(check["answer"].as_str(), Some("fail" | "unknown")) {
            rules.push(check["id"].as_str().unwrap());
        }
    }
    let all = program.file("all.toml", policy(&rules));
    let run = assess(&["--policy", text(&all), "--strict"]);
    assert_eq!(run.json()["verdict"]["decision"], "fit", "{run:?}");
    run.ends(0, &[]);
}

#[test]
fn a_policy_that_is_none_is_named() {
    let program = program();
    let image = layout(&program, &careful());
    for (bytes, words) in [
        (&b"severe-score = 11"[..], "severe-score"),
        (b"severe-score = \"high\"", "severe-score"),
        (b"nonsense = 1", "nonsense"),
        (b"[[accept]]\nrule = \"maintainer\"", "owner"),
        (
            b"[[accept]]\nrule = \"maintainer\"\nowner = \"a\"\nreason = \"b\"\nuntil = \"soon\"",
            "`soon`",
        ),
        (b"\xff", "policy.toml"),
        (b"[", "policy.toml"),
    ] {
        let policy = program.file("policy.toml", bytes);
        let run = program.run(["assess", text(&image), "--policy", text(&policy)]);
        run.ends(4, &["policy.toml", words]);
        assert!(run.stdout.is_empty(), "{run:?}");
    }
    let absent = program.folder().join("absent.toml");
    program
        .run(["assess", text(&image), "--policy", text(&absent)])
        .ends(4, &["absent.toml"]);
}

#[test]
fn an_acceptance_that_ended_does_not_hold() {
    let program = program();
    let image = layout(&program, &careful());
    let db = database(&program);
    let ended = policy(OPEN).replace("9999", "2020");
    let policy = program.file("ended.toml", ended);
    let run = program.run([
        "assess",
        text(&image),
        "-f",
        "json",
        "--db",
        text(&db),
        "--policy",
        text(&policy),
    ]);
    run.ends(3, &[]);
    let remarks = run.json()["verdict"]["remarks"].to_string();
    assert!(remarks.contains("ended on 2020-12-31"), "{remarks}");
}

/// Vulnerable, without a maintainer: reported with 1, by the verdict alone; `scan` has none.
#[test]
fn what_is_unfit_ends_with_1_only_where_a_verdict_is_asked_for() {
    let program = program();
    let image = program.file(
        "image.tar",
        docker(&[Image::new("app:latest").layer(ALPINE)]).tar(),
    );
    program.run(["assess", text(&image)]).ends(1, &[]);
    program.run(["scan", text(&image)]).ends(0, &[]);
    program.run(["sbom", text(&image)]).ends(0, &[]);
}

/// Data go to standard output, words about the work to standard error; nothing of it to files beside the cache.
#[test]
fn standard_output_has_only_data() {
    let program = program();
    let image = layout(&program, &careful());
    for args in [
        &["assess", "-f", "json"][..],
        &["assess", "-f", "trivy"],
        &["scan", "-f", "json"],
        &["scan", "-f", "trivy"],
        &["sbom", "-f", "cyclonedx"],
        &["sbom"],
        &["inspect", "-f", "json"],
    ] {
        let run = program.run([args, &[text(&image)]].concat());
        let value = run.json();
        assert!(value.is_object() || value.is_array(), "{args:?}");
        assert!(run.stdout.ends_with(b"\n"), "{args:?}");
    }
    let purls = program.run(["sbom", "-f", "purls", text(&image)]);
    assert_eq!(purls.text(), PURL);
    for verb in ["assess", "scan", "inspect"] {
        let run = program.run([verb, text(&image)]);
        assert!(!run.text().contains('\u{1b}'), "colour without a terminal");
    }
}

/// The same image, database and day give the same bytes: with a cold cache, a warm one, and a spoilt one.
#[test]
fn the_same_input_gives_the_same_bytes() {
    let program = program();
    let image = Image::new("app:1")
        .layer(ALPINE)
        .layer("app/node_modules/a/package.json = \"{\\\"name\\\":\\\"a\\\",\\\"version\\\":\\\"1.0.0\\\"}\"")
        .layer("app/id_rsa = \"-----BEGIN RSA PRIVATE KEY-----\\nMIIB\\n-----END RSA PRIVATE KEY-----\\n\"")
        .layer("~app/id_rsa");
    let archive = program.file("image.tar", docker(&[image]).tar());
    let formats = [
        &["assess", "-f", "json"][..],
        &["assess", "-f", "terminal"],
        &["assess", "-f", "terminal", "--lang", "zh"],
        &["assess", "-f", "trivy"],
        &["sbom", "-f", "cyclonedx"],
        &["sbom", "-f", "purls"],
        &["inspect", "-f", "json"],
    ];
    let run = |args: &[&str]| program.run([args, &[text(&archive)]].concat()).stdout;
    let all = || -> Vec<Vec<u8>> { formats.iter().map(|args| run(args)).collect() };
    let mut cold = Vec::new();
    for args in formats {
        let _ = std::fs::remove_dir_all(program.cache());
        cold.push(run(args));
    }
    let warm = all();
    assert!(cold == warm, "cold and warm differ");
    assert!(warm == all(), "two runs differ");
    let mut spoilt = 0;
    let mut open = vec![program.cache()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else {
                std::fs::write(entry.path(), [0xff; 40]).unwrap();
                spoilt += 1;
            }
        }
    }
    assert!(spoilt > 0, "there is no cache");
    assert!(warm == all(), "a spoilt cache is believed");
}

/// A cache that cannot be written costs time, not the answer.
#[test]
fn a_cache_that_cannot_be_written_is_done_without() {
    let program = program();
    let image = layout(&program, &careful());
    let file = program.file("file", b"");
    let run = program.run([
        "sbom",
        "-f",
        "purls",
        text(&image),
        "--cache-dir",
        text(&file),
    ]);
    run.ends(0, &[]);
    assert!(run.text().starts_with("pkg:apk/"), "{run:?}");
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let program = program();
    // More than a pipe holds.
    let record = "Package: package-{}\\nStatus: install ok installed\\nArchitecture: amd64\\nVersion: 1\\n\\n";
    let status: String = (0..4000)
        .map(|number| record.replace("{}", &number.to_string()))
        .collect();
    let image = Image::new("app:1").layer(format!("var/lib/dpkg/status = \"{status}\"").as_str());
    let archive = program.file("image.tar", docker(&[image]).tar());
    for args in [
        &["sbom", "-f", "cyclonedx"][..],
        &["sbom", "-f", "purls"],
        &["scan", "-f", "json"],
        &["assess", "-f", "json"],
    ] {
        let mut child = program.command().args(args).arg(&archive).spawn().unwrap();
        let mut first = [0; 10];
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut first).unwrap();
        drop(stdout);
        let mut stderr = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut stderr)
            .unwrap();
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(0), "{args:?}: {stderr}");
        assert!(
            !stderr.contains("roken pipe") && !stderr.contains("panicked"),
            "{stderr}"
        );
    }
}
