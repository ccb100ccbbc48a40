//! Runs analyzers over folders of fixtures.
//!
//! A fixture is `<root>/<analyzer id>/<case>/root/…`, a little root filesystem, with the expected facts in
//! `<case>/expected.json`. `UPDATE_FIXTURES=1` writes the expectation anew.
//! `<case>/rights` gives files of a case other rights than those of root without any, a line each: mode in octal, owner,
//! group, file capabilities in hexadecimal or `-`, path.
//! Files whose bytes must not lie about as they are (executables, archives) are made by the test itself.

use std::fs;
use std::path::{Path, PathBuf};

use plimsoll_analyze::{Analyzer, File, InterestIndex, Rights, Sink};
use plimsoll_model::fact::Fact;
use plimsoll_model::{ImagePath, Problem};

/// What analyzers say about some files: facts and problems in the order of the paths.
#[derive(Debug, Default)]
pub struct Said {
    /// Facts.
    pub facts: Vec<Fact>,
    /// Problems.
    pub problems: Vec<Problem>,
}

/// Runs every analyzer that wants it over one file.
pub fn analyze(index: &InterestIndex, path: &str, mode: u32, bytes: &[u8], said: &mut Said) {
    analyze_with(index, path, (mode, Rights::default()), bytes, said);
}

fn analyze_with(
    index: &InterestIndex,
    path: &str,
    (mode, rights): (u32, Rights<'_>),
    bytes: &[u8],
    said: &mut Said,
) {
    let path = ImagePath::new(path);
    let wanted = [
        index.by_path(&path),
        index.by_magic(bytes),
        index.by_rights(mode, rights.capability.is_some()),
    ];
    let mut places: Vec<usize> = wanted.iter().flat_map(|wanted| wanted.places()).collect();
    places.sort_unstable();
    places.dedup();
    for analyzer in places.into_iter().filter_map(|place| index.analyzer(place)) {
        let size = bytes.len() as u64;
        let kept = usize::try_from(analyzer.part().of(size)).unwrap_or(usize::MAX);
        let head = bytes.get(..kept).unwrap_or(bytes);
        let mut file = File::head(&path, mode, size, head).with_rights(rights);
        let mut sink = Sink::new(&path, analyzer.meta(), &mut said.facts, &mut said.problems);
        analyzer.analyze(&mut file, &mut sink);
    }
}

/// Runs one analyzer over the bytes of one file at a path that it wants.
///
/// # Panics
/// If the analyzer does not want the path.
#[must_use]
pub fn analyze_one(analyzer: &'static dyn Analyzer, path: &str, bytes: &[u8]) -> Said {
    let index = InterestIndex::new(&[analyzer]);
    let wanted =
        !index.by_path(&ImagePath::new(path)).is_empty() || !index.by_magic(bytes).is_empty();
    assert!(wanted, "`{}` does not want `{path}`", analyzer.meta().id);
    let mut said = Said::default();
    analyze(&index, path, 0o644, bytes, &mut said);
    said
}

/// Checks every case below `root/<id>/` for each analyzer of a table.
///
/// # Panics
/// If facts differ from the expectation, or if an analyzer has no case.
pub fn check(root: &Path, table: &[&'static dyn Analyzer]) {
    let mut wrong = Vec::new();
    for analyzer in table {
        let id = analyzer.meta().id;
        let cases = folders(&root.join(id));
        assert!(
            !cases.is_empty(),
            "analyzer `{id}` has no fixture in `{}`",
            root.display()
        );
        for case in cases {
            let got = said_json(&case.join("root"), *analyzer);
            let expected = case.join("expected.json");
            if std::env::var_os("UPDATE_FIXTURES").is_some() {
                fs::write(&expected, &got).expect("the fixture folder can be written");
            } else if fs::read_to_string(&expected).unwrap_or_default() != got {
                wrong.push(format!("{}: got\n{got}", case.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Runs one analyzer over every file below a folder that stands for the root of an image.
///
/// # Panics
/// If a file cannot be read, or its path is no UTF-8.
#[must_use]
pub fn analyze_root(root: &Path, analyzer: &'static dyn Analyzer) -> Said {
    let index = InterestIndex::new(&[analyzer]);
    let mut said = Said::default();
    let rights = root.parent().map(|case| case.join("rights"));
    let rights = rights.and_then(|file| fs::read_to_string(file).ok());
    let rights = rights.unwrap_or_default();
    for file in files(root) {
        let path = file.strip_prefix(root).expect("the file is below the root");
        let bytes = fs::read(&file).expect("the file can be read");
        let path = path.to_str().expect("paths of tests are UTF-8");
        let own = rights.lines().find_map(|line| own_rights(line, path));
        let (mode, uid, gid, capability) = own.unwrap_or((0o644, 0, 0, None));
        let rights = Rights {
            uid,
            gid,
            capability: capability.as_deref(),
        };
        analyze_with(&index, path, (mode, rights), &bytes, &mut said);
    }
    said
}

/// The mode, owner, group and capabilities that a line of `rights` gives the file at a path.
fn own_rights(line: &str, path: &str) -> Option<(u32, u64, u64, Option<Vec<u8>>)> {
    let words: Vec<&str> = line.split(' ').collect();
    let [mode, uid, gid, capability, of] = words.as_slice() else {
        panic!("`{line}` has not five words");
    };
    let capability = (*capability != "-").then(|| {
        let digits = capability.as_bytes().chunks(2);
        let digits = digits.map(|two| std::str::from_utf8(two).expect("digits are ASCII"));
        digits
            .map(|two| u8::from_str_radix(two, 16).expect("capabilities are hexadecimal"))
            .collect()
    });
    (*of == path).then(|| {
        (
            u32::from_str_radix(mode, 8).expect("a mode is octal"),
            uid.parse().expect("an owner is a number"),
            gid.parse().expect("a group is a number"),
            capability,
        )
    })
}

fn said_json(root: &Path, analyzer: &'static dyn Analyzer) -> String {
    let said = analyze_root(root, analyzer);
    let mut value = serde_json::json!({"facts": said.facts, "problems": said.problems});
    leave_out_the_rare(&mut value);
    let mut text = serde_json::to_string_pretty(&value).expect("facts can be written as JSON");
    text.push('\n');
    text
}

/// Fields that few packages have are written only where they are set.
fn leave_out_the_rare(value: &mut serde_json::Value) {
    for fact in value["facts"].as_array_mut().into_iter().flatten() {
        let package = fact.pointer_mut("/body/Package");
        if let Some(package) = package.and_then(serde_json::Value::as_object_mut) {
            package.retain(|name, value| {
                !value.is_null() || !["distribution", "model"].contains(&name.as_str())
            });
        }
    }
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join("root").is_dir())
        .collect();
    found.sort();
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)
            .expect("the fixture folder can be read")
            .flatten()
        {
            // Links are no files, and some lead nowhere.
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(entry.path()),
                Ok(kind) if kind.is_file() => found.push(entry.path()),
                _ => {}
            }
        }
    }
    found.sort();
    found
}
