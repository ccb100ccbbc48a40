//! Any texts as steps of a history: no panic, and the Dockerfile that they become has each step in lines of its own.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_dockerfile::history::reconstruct;
use plimsoll_dockerfile::parse;
use plimsoll_model::image::{HistoryEntry, ImageConfig};

fuzz_target!(|text: &str| {
    let entry = |step: &str| HistoryEntry {
        created_by: step.to_owned(),
        ..HistoryEntry::default()
    };
    let mut config = ImageConfig {
        history: text.split('\u{1f}').map(entry).collect(),
        ..ImageConfig::default()
    };
    config.history.push(entry("RUN /bin/sh -c make # buildkit"));
    for os in ["linux", "windows"] {
        config.os = os.to_owned();
        let made = reconstruct(&config);
        let mut next = made.steps.first().map_or(1, |step| *step.lines.start());
        for step in &made.steps {
            assert_eq!(*step.lines.start(), next);
            next = *step.lines.end() + 1;
        }
        let file = parse(&made.text);
        // Nothing that stands in a step swallows the next one.
        if made.omitted == 0 {
            let last = file.instructions.last().map(|last| file.region(last.span).start.line);
            let step = made.steps.last().map(|step| step.lines.clone());
            assert!(step.zip(last).is_some_and(|(lines, last)| lines.contains(&last)), "{}", made.text);
        }
    }
});
