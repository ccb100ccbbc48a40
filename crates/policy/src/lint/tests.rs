use super::*;

fn now() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().expect("it is a time")
}

fn read(name: &str, text: &str) -> LintConfig {
    read_lint_config(name, text.as_bytes(), now()).expect("it can be read")
}

fn refused(name: &str, text: &str) -> String {
    let error = read_lint_config(name, text.as_bytes(), now());
    error.expect_err("it cannot be used").to_string()
}

fn ignored(config: &LintConfig, path: &str) -> Vec<String> {
    config.of_file(path).ignored.keys().cloned().collect()
}

#[test]
fn our_file_says_all_and_nothing_unknown() {
    let config = read(
        "x/.plimsoll.toml",
        r#"
        [lint]
        ignore = ["latest-base"]
        enable = ["DL1001"]
        fail-on = "medium"
        trusted-registries = ["registry.example.org"]
        strict-labels = true
        disable-ignore-comments = true
        severity = { DL3007 = "critical" }
        labels = { "org.example.source" = "url" }
        "#,
    );
    let settings = &config.settings;
    assert_eq!(settings.ignored["latest-base"], "x/.plimsoll.toml");
    assert!(settings.enabled.contains("DL1001"));
    assert_eq!(config.fail_on, Some(FailOn::From(Severity::Medium)));
    assert_eq!(settings.severities["DL3007"], Severity::Critical);
    assert_eq!(settings.labels["org.example.source"], LabelKind::Url);
    assert!(settings.strict_labels && settings.disable_ignore_comments);
    assert!(read(".plimsoll.toml", "").settings.ignored.is_empty());
    for (text, word) in [
        ("[lint]\nignroe = []", "ignroe"),
        ("[lnit]", "lnit"),
        ("[lint]\nfail-on = \"error\"", "fail-on"),
        ("[lint]\nseverity = { a = \"bad\" }", "bad"),
        ("[lint]\nlabels = { a = \"colour\" }", "colour"),
    ] {
        let said = refused(".plimsoll.toml", text);
        assert!(
            said.contains(word) && said.contains(".plimsoll.toml"),
            "{said}"
        );
    }
    assert!(refused("settings.json", "{}").contains(".hadolint.yaml"));
}

#[test]
fn the_file_of_hadolint_is_understood() {
    let config = read(
        ".hadolint.yaml",
        "failure-threshold: warning\nignored: [DL3007, SC2086, latest-base]\noverride:\n  error: [DL3015]\n  style: [DL1001]\ntrustedRegistries:\n  - docker.io\n  - \"*.gcr.io\"\nlabel-schema:\n  author: text\n  created: rfc3339\nstrict-labels: true\ndisable-ignore-pragma: true\nformat: tty\nsurprise: 1\n",
    );
    let settings = &config.settings;
    assert_eq!(ignored(&config, "x"), ["DL3007", "SC2086"]);
    assert_eq!(settings.severities["DL3015"], Severity::High);
    assert_eq!(settings.severities["DL1001"], Severity::Negligible);
    assert!(settings.enabled.contains("DL1001"));
    assert_eq!(settings.trusted_registries, ["docker.io", "*.gcr.io"]);
    assert_eq!(settings.labels["created"], LabelKind::Rfc3339);
    assert!(settings.strict_labels && settings.disable_ignore_comments);
    assert_eq!(config.fail_on, Some(FailOn::From(Severity::Medium)));
    let notes: Vec<&str> = config.notes.iter().map(|(_, note)| &*note.en).collect();
    assert_eq!(
        notes,
        [
            "`latest-base` is no rule of hadolint",
            "`surprise` means nothing here"
        ]
    );
    assert_eq!(
        read(".hadolint.yml", "no-fail: true").fail_on,
        Some(FailOn::Never)
    );
    assert!(read("hadolint.yaml", "").settings.ignored.is_empty());
    for text in [
        "ignored: 1",
        "override: 1",
        "strict-labels: perhaps",
        "failure-threshold: x",
    ] {
        assert!(refused(".hadolint.yaml", text).contains(".hadolint.yaml"));
    }
}

#[test]
fn files_of_trivy_and_dockle_lay_their_own_rules_aside() {
    let config = read(
        ".trivyignore",
        "# why\nDS-0001\nAVD-DS-0002\nDS013\nds-0021\nCVE-2024-1\nDL3007\nDS-0026 exp:2026-06-01\nDS-0025 exp:2026-06-02\n",
    );
    assert_eq!(
        ignored(&config, "x"),
        ["AVD-DS-0002", "DS-0001", "DS-0025", "DS013"]
    );
    let config = read(
        ".trivyignore.yaml",
        "misconfigurations:\n  - id: DS-0001\n  - id: AVD-DS-0002\n    paths: [\"a/**\"]\n  - id: DS-0003\n    expired_at: 2026-05-01\n  - id: DS-0004\n    expired_at: soon\nvulnerabilities:\n  - id: CVE-2024-1\n",
    );
    assert_eq!(ignored(&config, "b/Dockerfile"), ["DS-0001"]);
    assert_eq!(
        ignored(&config, "a/b/Dockerfile"),
        ["AVD-DS-0002", "DS-0001"]
    );
    assert_eq!(config.notes.len(), 1);
    let config = read(
        ".dockleignore",
        "# no\nCIS-DI-0001\n DKL-DI-0006 # why\nDL3007\n",
    );
    assert_eq!(ignored(&config, "x"), ["CIS-DI-0001", "DKL-DI-0006"]);
}

#[test]
fn what_is_said_first_stays() {
    let mut own = read(
        ".plimsoll.toml",
        "[lint]\nignore = [\"a\"]\nfail-on = \"never\"\nseverity = { DL1 = \"low\" }\n",
    );
    own.extend(read(
        ".hadolint.yaml",
        "ignored: [DL2]\nfailure-threshold: error\noverride: {error: [DL1]}\n",
    ));
    assert_eq!(own.fail_on, Some(FailOn::Never));
    assert_eq!(own.settings.severities["DL1"], Severity::Low);
    assert_eq!(ignored(&own, "x"), ["DL2", "a"]);
}
