//! Plimsoll beside Trivy on the manifests of Kubernetes, where a rule means the same. A difference is a row of
//! `disagreements.tsv` that says who is right.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use plimsoll_model::lint::settings::Settings;
use plimsoll_workload::{lint, rules};
use serde_json::Value;

/// File, Trivy's id, and the container where Trivy names one.
type Claim = (String, String, String);

/// Checks whose message begins with the container that they speak of.
const OF_A_CONTAINER: &[&str] = &[
    "KSV-0001", "KSV-0002", "KSV-0003", "KSV-0004", "KSV-0005", "KSV-0011", "KSV-0012", "KSV-0013",
    "KSV-0014", "KSV-0015", "KSV-0016", "KSV-0017", "KSV-0018", "KSV-0020", "KSV-0021", "KSV-0022",
    "KSV-0024", "KSV-0104", "KSV-0119",
];

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn claim(file: &str, id: &str, message: &str) -> Claim {
    let container = if OF_A_CONTAINER.contains(&id) {
        let mut words = message.split_whitespace();
        words
            .nth(1)
            .unwrap_or_default()
            .trim_matches(['\'', '"', '`'])
            .to_owned()
    } else {
        String::new()
    };
    (file.to_owned(), id.to_owned(), container)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// What Trivy says with the checks that its program carries.
fn trivy() -> BTreeSet<Claim> {
    let program = here("../../target/peers/bin/trivy");
    let home = tempfile::TempDir::new().expect("a temporary folder can be made");
    let output = Command::new(&program)
        .args([
            "config",
            "--quiet",
            "--format",
            "json",
            "--misconfig-scanners",
            "kubernetes",
        ])
        .args([
            "--skip-check-update",
            "--disable-telemetry",
            "--skip-version-check",
            "--cache-dir",
        ])
        .arg(home.path())
        .arg(".")
        .current_dir(here("tests/manifests/kubernetes"))
        .output();
    let output = output.unwrap_or_else(|error| {
        let program = program.display();
        panic!("cannot start `{program}` ({error}); `cargo xtask peers` installs it")
    });
    let report: Value = serde_json::from_slice(&output.stdout).expect("Trivy writes JSON");
    let mut found = BTreeSet::new();
    for result in list(&report["Results"]) {
        for row in list(&result["Misconfigurations"]) {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            found.insert(claim(
                &text(&result["Target"]),
                &text(&row["ID"]),
                &text(&row["Message"]),
            ));
        }
    }
    found
}

fn plimsoll() -> BTreeSet<Claim> {
    let settings = Settings {
        enabled: rules::all().map(|rule| rule.meta.id.to_owned()).collect(),
        ..Settings::default()
    };
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(here("tests/manifests/kubernetes"))
        .expect("a folder")
        .flatten()
    {
        let file = entry.file_name().into_string().expect("a name");
        let text = fs::read_to_string(entry.path()).expect("a manifest");
        let said = lint(&file, &text, &settings).expect("a manifest");
        let ignored = said.ignored.into_iter().map(|ignored| ignored.finding);
        for finding in said.findings.into_iter().chain(ignored) {
            for alias in finding
                .aliases
                .iter()
                .filter(|alias| alias.starts_with("KSV-"))
            {
                found.insert(claim(&file, alias, &finding.message.en));
            }
        }
    }
    found
}

#[test]
fn as_trivy_or_decided() {
    let shared: BTreeSet<&str> = rules::all()
        .flat_map(|rule| rule.meta.aliases)
        .copied()
        .filter(|alias| alias.starts_with("KSV-"))
        .collect();
    let trivy: BTreeSet<Claim> = trivy()
        .into_iter()
        .filter(|(_, id, _)| shared.contains(id.as_str()))
        .collect();
    let ours = plimsoll();
    let differences: BTreeMap<&Claim, &str> = trivy
        .symmetric_difference(&ours)
        .map(|claim| {
            (
                claim,
                if ours.contains(claim) {
                    "ours"
                } else {
                    "trivy"
                },
            )
        })
        .collect();
    let mut rows: BTreeSet<String> = BTreeSet::new();
    for ((file, id, container), by) in &differences {
        rows.insert(format!("{file}\t{id}\t{container}\t{by}"));
    }
    let table = fs::read_to_string(here("tests/disagreements.tsv")).expect("the table");
    let decided: BTreeSet<String> = table
        .lines()
        .skip(1)
        .map(|line| {
            let (row, right) = line.rsplit_once('\t').expect("who is right");
            assert_eq!(right, "ours", "put right what `{row}` says");
            row.to_owned()
        })
        .collect();
    let open: Vec<_> = rows.difference(&decided).collect();
    let stale: Vec<_> = decided.difference(&rows).collect();
    assert!(open.is_empty(), "nobody decided: {open:#?}");
    assert!(stale.is_empty(), "no difference any more: {stale:#?}");
    // Each rule agrees where nobody had to decide; how often that is shows that the comparison is one.
    let agreed = trivy.intersection(&ours).count();
    assert!(agreed >= 400, "{agreed} claims agree");
}
