//! Files that somebody made to break a reader, and files that are none of ours.

use plimsoll_model::lint::settings::Settings;
use plimsoll_model::lint::{LintFile, LintKind, Safety, fix};
use plimsoll_workload::harden::{harden, needs};
use plimsoll_workload::{Manifest, lint, rules};

fn said(text: &str) -> Option<LintFile> {
    let settings = Settings {
        enabled: rules::all().map(|rule| rule.meta.id.to_owned()).collect(),
        ..Settings::default()
    };
    let file = lint("compose.yaml", text, &settings)?;
    let (fixed, _) = fix::apply(text, &file.findings, Safety::Unsafe);
    let _ = lint("compose.yaml", &fixed, &settings);
    Some(file)
}

#[test]
fn what_is_no_manifest_is_none() {
    for text in [
        "",
        "# nothing\n",
        "just: a map\n",
        "- a\n- list\n",
        "services:\n  App\\Controller\\:\n    resource: ../src\n    autowire: true\n",
        "services:\n  - docker\n",
        "services: [postgres]\n",
        "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
        "{ not: [yaml\n",
        "kind: pipeline\nsteps:\n  - name: a\n    image: golang\n",
    ] {
        assert!(
            lint("values.yaml", text, &Settings::default()).is_none(),
            "{text}"
        );
    }
}

#[test]
fn a_template_is_said_to_be_one() {
    for text in [
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  template:\n    spec:\n      containers:\n        - name: a\n          image: b\n",
        "{{- if .Values.enabled }}\napiVersion: v1\nkind: Pod\n{{- end }}\n",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    {{- include \"labels\" . | nindent 4 }}\n",
    ] {
        let file = lint("pod.yaml", text, &Settings::default()).expect("a template of a manifest");
        assert_eq!(file.kind, LintKind::Kubernetes);
        assert_eq!(file.errors.len(), 1, "{:?}", file.errors);
        assert!(
            file.errors[0].message.en.contains("template"),
            "{:?}",
            file.errors
        );
        assert!(file.findings.is_empty());
    }
}

#[test]
fn braces_in_texts_are_no_template() {
    let text = "services:\n  app:\n    image: a:1\n    command: [\"docker\", \"ps\", \"--format\", \"{{.Names}}\"]\n";
    let file = said(text).expect("a Compose file");
    assert!(file.errors.is_empty() && !file.findings.is_empty());
}

#[test]
fn a_broken_document_hides_no_other() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: x}]}\n---\na: [\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec: {hostPID: true, containers: [{name: c, image: x}]}\n";
    let file = said(text).expect("manifests");
    assert_eq!(file.errors.len(), 1, "{:?}", file.errors);
    let names: Vec<_> = file.findings.iter().map(|found| found.rule.id).collect();
    assert!(names.contains(&"latest-image"), "{names:?}");
}

#[test]
fn a_broken_manifest_is_an_error_with_its_place() {
    let file = said("services:\n  app:\n    image: [a\n").expect("a Compose file, by its name");
    assert_eq!(file.kind, LintKind::Compose);
    assert!(!file.errors.is_empty() && file.findings.is_empty());
    let file = lint(
        "pod.yaml",
        "apiVersion: v1\nkind: Pod\n\tspec: x\n",
        &Settings::default(),
    );
    assert!(!file.expect("a manifest by its keys").errors.is_empty());
}

#[test]
fn aliases_that_stand_for_billions_are_not_followed() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let before = format!("*a{}, ", level - 1).repeat(9);
        text.extend([format!("a{level}: &a{level} [{before}x]\n")]);
    }
    text.push_str("services:\n  app:\n    image: a:1\n    environment: *a29\n    volumes: *a29\n");
    let file = said(&text).expect("a Compose file");
    let told = file
        .errors
        .iter()
        .any(|error| error.message.en.contains("aliases"));
    assert!(told, "{:?}", file.errors);
}

#[test]
fn merges_of_merges_and_of_themselves_end() {
    let mut text = String::from("x0: &x0 {privileged: true}\n");
    for level in 1..2000 {
        let before = level - 1;
        text.extend([format!(
            "x{level}: &x{level} {{<<: [*x{before}, *x{before}, *x{before}]}}\n"
        )]);
    }
    text.push_str(
        "services:\n  app: &app\n    <<: [*x1999, *app]\n    image: a:1\n    environment: *app\n",
    );
    assert!(said(&text).is_some());
    let extends = "services:\n  a: {image: x, extends: b}\n  b: {image: x, extends: {service: a}}\n  c: {extends: c}\n";
    assert!(said(extends).is_some());
}

#[test]
fn long_files_are_read_to_the_end() {
    const SIZE: usize = 1_000_000;
    let service = |at: usize| {
        format!("  s{at}:\n    image: a\n    privileged: true\n    ports: [\"80:80\"]\n")
    };
    let mut services = String::from("services:\n");
    let mut at = 0;
    while services.len() < SIZE {
        services.push_str(&service(at));
        at += 1;
    }
    let file = said(&services).expect("a Compose file");
    assert!(!file.findings.is_empty());
    let head = "services:\n  app:\n    image: a:1\n    environment:\n";
    let listed = "      - A_PASSWORD=b\n".repeat(SIZE / 22);
    assert!(said(&format!("{head}{listed}")).is_some());
    let one_line = format!(
        "services: {{app: {{image: a:1, cap_add: [{}]}}}}",
        "SYS_ADMIN, ".repeat(SIZE / 11)
    );
    assert!(said(&one_line).is_some());
    let containers = "  - {name: a, image: b}\n".repeat(SIZE / 24);
    let pod = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n{containers}"
    );
    assert!(said(&pod).is_some());
    let comments = format!(
        "services:\n  app:\n    image: a\n{}",
        "# plimsoll ignore=a,b,c,privileged\n".repeat(SIZE / 35)
    );
    assert!(said(&comments).is_some());
    for piece in [
        "[", "{", "- ", "a: ", "? ", "&a ", "*a ", "\"", "'", "|\n", "---\n", "{{", "\u{feff}",
        "a:\n", "!!x ",
    ] {
        said(&format!(
            "services:\n{}",
            piece.repeat(SIZE / piece.len() / 10)
        ));
    }
}

#[test]
fn deep_nesting_is_an_error() {
    let text = format!(
        "services:\n  app:\n    image: a\n    x: {}{}\n",
        "[".repeat(5000),
        "]".repeat(5000)
    );
    let file = said(&text).expect("a Compose file, by its name");
    assert!(!file.errors.is_empty());
}

#[test]
fn no_prefix_of_a_manifest_panics() {
    let text = include_str!("manifests/compose/anchors.yaml");
    let other = include_str!("manifests/kubernetes/everything_wrong.yaml");
    for text in [text, other] {
        for (at, _) in text.char_indices() {
            let _ = said(&text[..at]);
            let Some(manifest) = Manifest::read("compose.yaml", &text[..at]) else {
                continue;
            };
            for container in &manifest.containers {
                let hardened = harden(&needs(&manifest, container));
                for text in [hardened.compose, hardened.kubernetes] {
                    let file = said(&text).expect("a manifest");
                    assert!(file.errors.is_empty(), "{:?}\n{text}", file.errors);
                }
            }
        }
    }
}

#[test]
fn only_what_is_not_listed_is_said_to_be_missing() {
    let settings = Settings {
        only: ["privileged", "latest-image"].map(str::to_owned).into(),
        ..Settings::default()
    };
    let said = |services: usize| {
        let service = |n| format!("  a{n}: {{image: \"a:latest\", privileged: true}}\n");
        let text: String = (0..services).map(service).collect();
        lint("compose.yaml", &format!("services:\n{text}"), &settings).expect("a Compose file")
    };
    let whole = said(10_000);
    assert_eq!((whole.findings.len(), whole.errors.len()), (20_000, 0));
    let cut = said(10_001);
    assert_eq!((cut.findings.len(), cut.errors.len()), (20_000, 1));
}

#[test]
fn what_is_laid_aside_stands_in_the_order_of_the_file() {
    let text = "services:\n  app:\n    image: a # plimsoll ignore=latest-image\n    privileged: true\n    network_mode: host # plimsoll ignore=host-network\n";
    let settings = Settings {
        ignored: [("privileged".to_owned(), "settings".to_owned())].into(),
        ..Settings::default()
    };
    let file = lint("compose.yaml", text, &settings).expect("a Compose file");
    let ignored = file.ignored.iter();
    let ignored: Vec<&str> = ignored.map(|ignored| ignored.finding.rule.id).collect();
    assert_eq!(ignored, ["latest-image", "privileged", "host-network"]);
}
