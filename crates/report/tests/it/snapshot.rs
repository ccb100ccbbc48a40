//! Texts that are committed beside the tests. `UPDATE=1` writes them anew.

use std::fs;
use std::path::Path;

/// Compares texts with the committed ones, and tells of all that differ.
pub(crate) fn check(texts: &[(String, String)]) {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/snapshots");
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    for (name, text) in texts {
        let path = home.join(name);
        if update {
            fs::write(&path, text).expect("the snapshots can be written");
            continue;
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        if committed != *text {
            wrong.push(format!("{name}: {}", difference(&committed, text)));
        }
    }
    assert!(
        wrong.is_empty(),
        "these differ (UPDATE=1 accepts them):\n{}",
        wrong.join("\n")
    );
}

/// The first line that differs.
fn difference(committed: &str, text: &str) -> String {
    let (mut old, mut new) = (committed.lines(), text.lines());
    for number in 1.. {
        match (old.next(), new.next()) {
            (None, None) => break,
            (a, b) if a == b => {}
            (a, b) => return format!("line {number}\n  was {a:?}\n  is  {b:?}"),
        }
    }
    "only in line ends".to_owned()
}
