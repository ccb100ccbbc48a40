//! The house rules that a compiler does not see: who may know whom, what is registered where, how large a
//! file may grow.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Dependencies of each package of ours, development ones left out.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .expect("cargo can be run");
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    list(&metadata["packages"])
        .iter()
        .map(|package| {
            let dependencies = list(&package["dependencies"])
                .iter()
                .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
                .map(|dependency| text(&dependency["name"]))
                .collect();
            (text(&package["name"]), dependencies)
        })
        .collect()
}

/// What each crate may use of ours. A crate that is not named here may use nothing.
const MAY_USE: &[(&str, &[&str])] = &[
    ("version", &[]),
    ("model", &["version"]),
    ("net", &["model"]),
    ("image", &["model", "net"]),
    ("secrets", &["model"]),
    ("analyze", &["model", "image", "version"]),
    (
        "analyzers",
        &["model", "analyze", "version", "secrets", "sbom"],
    ),
    ("advisory", &["model", "version"]),
    ("checks", &["model", "secrets"]),
    ("dockerfile", &["model", "secrets"]),
    ("workload", &["model", "secrets"]),
    ("policy", &["model"]),
    ("report", &["model"]),
    ("sbom", &["model"]),
    ("trust", &["model"]),
    (
        "assess",
        &[
            "model",
            "version",
            "net",
            "image",
            "analyze",
            "analyzers",
            "advisory",
            "checks",
            "dockerfile",
            "secrets",
            "sbom",
            "trust",
            "workload",
        ],
    ),
    (
        "cli",
        &["assess", "model", "policy", "report", "version", "secrets"],
    ),
    (
        "testkit",
        &["model", "analyze", "dockerfile", "image", "version"],
    ),
    ("xtask", &["testkit", "version"]),
];

/// Libraries that only some of our crates may use: whoever has one of them can do what the others must not.
const ONLY: &[(&str, &[&str])] = &[
    ("ureq", &["net"]),
    ("rustls", &["net"]),
    ("tokio", &[]),
    ("clap", &["cli", "xtask"]),
    ("plimsoll-analyzers", &["assess"]),
    ("anyhow", &["cli", "xtask"]),
    ("ring", &["trust"]),
    ("rustls-webpki", &["trust"]),
];

#[test]
fn crates_know_only_whom_they_may() {
    let dependencies = dependencies();
    let mut wrong = Vec::new();
    for (package, used) in &dependencies {
        let name = match package.as_str() {
            "plimsoll" => "cli",
            other => other.strip_prefix("plimsoll-").unwrap_or(other),
        };
        let allowed = MAY_USE.iter().find(|(crate_name, _)| *crate_name == name);
        for dependency in used {
            let ours = dependency.strip_prefix("plimsoll-");
            if let Some(ours) = ours
                && !allowed.is_some_and(|(_, list)| list.contains(&ours))
            {
                wrong.push(format!("{name} uses {ours}"));
            }
            if let Some((_, list)) = ONLY.iter().find(|(library, _)| library == dependency)
                && !list.contains(&name)
            {
                wrong.push(format!("{name} uses {dependency}"));
            }
        }
    }
    for (name, _) in MAY_USE {
        let package = match *name {
            "cli" => "plimsoll".to_owned(),
            "xtask" => "xtask".to_owned(),
            name => format!("plimsoll-{name}"),
        };
        assert!(
            dependencies.contains_key(&package),
            "there is no crate `{package}`"
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The Rust files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A folder of plugins: the trait that each implements, and the file with the table.
const TABLES: &[(&str, &str, &str)] = &[
    (
        "crates/analyzers/src/os",
        "Analyzer",
        "crates/analyzers/src/os/mod.rs",
    ),
    (
        "crates/analyzers/src/claim",
        "Analyzer",
        "crates/analyzers/src/claim/mod.rs",
    ),
    (
        "crates/analyzers/src/lang",
        "Analyzer",
        "crates/analyzers/src/lang/mod.rs",
    ),
    (
        "crates/analyzers/src/binary",
        "Analyzer",
        "crates/analyzers/src/binary/mod.rs",
    ),
    (
        "crates/analyzers/src/model",
        "Analyzer",
        "crates/analyzers/src/model/mod.rs",
    ),
    (
        "crates/analyzers/src/secret",
        "Analyzer",
        "crates/analyzers/src/secret/mod.rs",
    ),
    (
        "crates/advisory/src/feeds",
        "Feed",
        "crates/advisory/src/feeds/mod.rs",
    ),
    ("crates/checks/src", "Check", "crates/checks/src/lib.rs"),
    (
        "crates/report/src",
        "ReportFormat",
        "crates/report/src/lib.rs",
    ),
    (
        "crates/report/src",
        "SbomFormat",
        "crates/report/src/lib.rs",
    ),
    (
        "crates/report/src/lint",
        "LintFormat",
        "crates/report/src/lint/mod.rs",
    ),
];

#[test]
fn every_plugin_has_a_row_in_its_table() {
    let mut wrong = Vec::new();
    for (folder, name, table) in TABLES {
        let text = fs::read_to_string(root().join(table)).expect("the table can be read");
        let (_, rows) = text
            .split_once("&[&dyn ")
            .or_else(|| text.split_once("[&dyn "))
            .expect("there is a table");
        let mut seen = 0;
        for file in files(&root().join(folder)) {
            let source = fs::read_to_string(&file).expect("the source can be read");
            for line in source.lines() {
                let Some(rest) = line.strip_prefix(&format!("impl {name} for ")) else {
                    continue;
                };
                let plugin: String = rest
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                seen += 1;
                if !rows.contains(&plugin) {
                    wrong.push(format!(
                        "{plugin} of {} is in no row of {table}",
                        file.display()
                    ));
                }
            }
        }
        assert!(seen > 0, "no `{name}` in {folder}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Rules of the linters are records, each in a file of its theme's folder.
#[test]
fn every_lint_rule_has_a_row_in_its_theme_and_every_theme_in_the_table() {
    let mut wrong = Vec::new();
    for rules in ["crates/dockerfile/src/rules", "crates/workload/src/rules"] {
        let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
        let table = read(&root().join(rules).join("mod.rs"));
        let mut seen = 0;
        for file in files(&root().join(rules)) {
            let Some(theme) = file
                .parent()
                .filter(|_| read(&file).contains("static RULE: Rule"))
            else {
                continue;
            };
            seen += 1;
            let part = |path: &Path| {
                let name = path.file_stem().and_then(|name| name.to_str());
                name.unwrap_or_default().to_owned()
            };
            if !read(&theme.join("mod.rs")).contains(&format!("&{}::RULE", part(&file))) {
                wrong.push(format!("{} has no row in its folder", file.display()));
            }
            if !table.contains(&format!("{}::RULES", part(theme))) {
                wrong.push(format!("{} has no row in {rules}/mod.rs", part(theme)));
            }
        }
        assert!(seen > 0, "no rule in {rules}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_analyzer_has_its_fixtures_and_its_fuzz_target() {
    let mut wrong = Vec::new();
    let rows = root().join("crates/analyzers/tests/real/rows.rs");
    let rows = fs::read_to_string(rows).expect("the rows of real files can be read");
    for folder in ["os", "lang", "binary", "model", "claim"] {
        for file in files(&root().join("crates/analyzers/src").join(folder)) {
            let source = fs::read_to_string(&file).expect("the source can be read");
            for line in source.lines() {
                let id = line
                    .trim()
                    .strip_prefix("id: \"")
                    .and_then(|rest| rest.strip_suffix("\","));
                // Other fields are called `id` too; ids of analyzers are paths.
                let Some(id) = id.filter(|id| id.contains('/')) else {
                    continue;
                };
                for case in ["happy", "truncated", "hostile", "empty"] {
                    if !root()
                        .join("crates/analyzers/fixtures")
                        .join(id)
                        .join(case)
                        .is_dir()
                    {
                        wrong.push(format!("{id} has no fixture `{case}`"));
                    }
                }
                if !rows.contains(&format!("(\"{id}\""))
                    && !rows.contains(&format!("\n        \"{id}\""))
                {
                    wrong.push(format!("{id} has no row of real files"));
                }
                let target = format!("analyzer_{}", id.replace(['/', '-'], "_"));
                if !root()
                    .join(format!("fuzz/fuzz_targets/{target}.rs"))
                    .is_file()
                {
                    wrong.push(format!("{id} has no fuzz target `{target}`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_fuzz_target_is_registered() {
    let manifest =
        fs::read_to_string(root().join("fuzz/Cargo.toml")).expect("the manifest can be read");
    let folder = root().join("fuzz/fuzz_targets");
    // Folders hold what several targets share.
    for file in files(&folder)
        .into_iter()
        .filter(|file| file.parent() == Some(&folder))
    {
        let name = file
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        assert!(
            manifest.contains(&format!("name = \"{name}\"")),
            "`{name}` is not in fuzz/Cargo.toml"
        );
    }
}

/// Where a source file may be longer, and why.
const LONG: &[(&str, &str)] = &[];

#[test]
fn files_stay_readable() {
    let mut wrong = Vec::new();
    for folder in ["crates", "xtask/src"] {
        for file in files(&root().join(folder)) {
            let name = file
                .strip_prefix(root())
                .unwrap_or(&file)
                .display()
                .to_string();
            if name.contains("/tests/")
                || name.ends_with("tests.rs")
                || LONG.iter().any(|(long, _)| name == *long)
            {
                continue;
            }
            let text = fs::read_to_string(&file).expect("the source can be read");
            let code = text
                .split("\n#[cfg(test)]\nmod tests {")
                .next()
                .unwrap_or_default();
            let lines = code.lines().count();
            if lines > 800 {
                wrong.push(format!("{name} has {lines} lines"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The lint forbids it in every crate that inherits the house's lints; this sees the one that does not.
/// How many traps there are that concern packages and advisories.
const TRAPS: u32 = 90;

/// The numbers at the beginning of a test's name, `t5_t6_the_stream_of_a_package`.
fn traps_of(name: &str) -> impl Iterator<Item = u32> {
    let parts = name.split('_').map_while(|part| {
        let digits = part.strip_prefix('t')?;
        digits.strip_suffix('b').unwrap_or(digits).parse().ok()
    });
    parts.collect::<Vec<u32>>().into_iter()
}

/// What makes other scanners wrong is numbered, and the name of a test says which of it the test holds.
#[test]
fn every_trap_has_a_test() {
    let mut named = BTreeSet::new();
    for file in files(&root().join("crates")) {
        let text = fs::read_to_string(&file).expect("a source file can be read");
        let mut is_test = false;
        for line in text.lines().map(str::trim_start) {
            if let Some(name) = line.strip_prefix("fn ") {
                if is_test {
                    named.extend(traps_of(name));
                }
                is_test = false;
            }
            is_test |= line == "#[test]";
        }
    }
    let without: Vec<u32> = (1..=TRAPS).filter(|trap| !named.contains(trap)).collect();
    assert!(without.is_empty(), "no test names these traps: {without:?}");
}

#[test]
fn nothing_is_unsafe() {
    let mut found = Vec::new();
    for file in files(&root().join("crates")) {
        let text = fs::read_to_string(&file).expect("the source can be read");
        if text
            .lines()
            .any(|line| !line.trim_start().starts_with("//") && line.contains("unsafe {"))
        {
            found.push(
                file.strip_prefix(root())
                    .unwrap_or(&file)
                    .display()
                    .to_string(),
            );
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
