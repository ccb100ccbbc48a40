//! Any text as a Compose file or manifests of Kubernetes: no panic, every place lies in the text, and what patches
//! leave is read again; what is hardened is a manifest.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_model::lint::settings::Settings;
use plimsoll_model::lint::{Safety, fix};
use plimsoll_workload::harden::{harden, needs};
use plimsoll_workload::{Manifest, lint, rules};

fuzz_target!(|text: &str| {
    let settings = Settings {
        enabled: rules::all().map(|rule| rule.meta.id.to_owned()).collect(),
        ..Settings::default()
    };
    let Some(manifest) = Manifest::read("compose.yaml", text) else {
        return;
    };
    for container in manifest.containers.iter().take(10) {
        let hardened = harden(&needs(&manifest, container));
        for text in [&hardened.compose, &hardened.kubernetes] {
            let file = lint("compose.yaml", text, &settings).expect("a manifest");
            assert!(file.errors.is_empty(), "{:?}\n{text}", file.errors);
        }
    }
    let said = lint("compose.yaml", text, &settings).expect("a manifest");
    for finding in &said.findings {
        for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
            assert!(edit.start <= edit.end && text.get(edit.start..edit.end).is_some());
        }
    }
    let (fixed, _) = fix::apply(text, &said.findings, Safety::Unsafe);
    let _ = lint("compose.yaml", &fixed, &settings);
});
