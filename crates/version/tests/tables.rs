//! Every line of the ordering tables under `tests/tables`, both ways round.

use std::cmp::Ordering;
use std::fs;
use std::path::PathBuf;

use plimsoll_version::Scheme;

/// What a line says, or `None` where the tool refuses one of the two texts.
type Expected = Option<Ordering>;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tables")
}

fn read(path: &str) -> String {
    let path = folder().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn pair(line: &str) -> (&str, Expected, &str) {
    let mut words = line.split(' ');
    let (Some(left), Some(sign), Some(right), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        panic!("`{line}` is not of the form `a < b`");
    };
    let expected = match sign {
        "<" => Some(Ordering::Less),
        "=" => Some(Ordering::Equal),
        ">" => Some(Ordering::Greater),
        "?" => None,
        _ => panic!("`{line}` has no sign"),
    };
    (left, expected, right)
}

/// Returns what is wrong with a line, if anything is.
fn check(scheme: Scheme, line: &str) -> Option<String> {
    if let Some(text) = line.strip_prefix("! ") {
        let version = scheme.parse(text).ok()?;
        return Some(format!("{scheme}: `{version}` is read as a version"));
    }
    let (marked, line) = match line.strip_prefix("@ ") {
        Some(line) => (true, line),
        None => (false, line),
    };
    let (left, expected, right) = pair(line);
    let there = scheme.compare(left, right).ok();
    let back = scheme.compare(right, left).ok();
    if there != back.map(Ordering::reverse) {
        return Some(format!(
            "{scheme}: `{line}` is {there:?}, backwards {back:?}"
        ));
    }
    (there != expected && !marked).then(|| format!("{scheme}: `{line}` is {there:?} here"))
}

fn check_table(scheme: Scheme, text: &str, least: usize) {
    let lines: Vec<_> = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    assert!(lines.len() >= least, "{scheme} has {} lines", lines.len());
    let faults: Vec<_> = lines
        .iter()
        .filter_map(|line| check(scheme, line))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn tables_picked_by_hand() {
    for scheme in Scheme::ALL {
        check_table(*scheme, &read(&format!("{scheme}.txt")), 80);
    }
}

#[test]
fn tables_of_the_native_tools() {
    for scheme in Scheme::ALL {
        check_table(*scheme, &read(&format!("generated/{scheme}.txt")), 1000);
    }
}

#[test]
fn every_table_belongs_to_a_scheme() {
    for folder in [folder(), folder().join("generated")] {
        let entries = fs::read_dir(&folder).expect("the folder of tables is there");
        for entry in entries {
            let path = entry.expect("the folder can be listed").path();
            if path.extension().is_some_and(|extension| extension == "txt") {
                let stem = path.file_stem().and_then(|stem| stem.to_str());
                let scheme = stem.unwrap_or_default().parse::<Scheme>();
                assert!(scheme.is_ok(), "{} has no scheme", path.display());
            }
        }
    }
}
