//! Any text as a Dockerfile: no panic, every place lies in the text, and what fixes leave is read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_dockerfile::{Settings, fix, lint, parse, rules};
use plimsoll_model::lint::Safety;

fuzz_target!(|text: &str| {
    let file = parse(text);
    for placed in file.walk() {
        let instruction = placed.instruction;
        assert!(instruction.span.start <= instruction.span.end && instruction.span.end <= text.len());
        assert!(text.is_char_boundary(instruction.span.start) && text.is_char_boundary(instruction.span.end));
        if let Some(form) = instruction.run() {
            for at in 0..=form.text.text().len().min(1000) {
                assert!(form.text.offset(at) <= text.len());
            }
        }
    }
    let settings = Settings {
        enabled: rules::all().map(|rule| rule.meta.id.to_owned()).collect(),
        ..Settings::default()
    };
    let said = lint("Dockerfile", text, &settings);
    let (fixed, _) = fix::apply(text, &said.findings, Safety::Unsafe);
    let _ = lint("Dockerfile", &fixed, &settings);
});
