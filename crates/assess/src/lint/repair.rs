//! Applies patches until nothing is left to apply, and writes files so that nobody ever sees half of one.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use plimsoll_model::lint::settings::Settings;
use plimsoll_model::lint::{LintFile, Safety, fix};

use super::{Source, lint_bytes};

/// Rounds at most: a patch may wait for the one that touches the same place.
const ROUNDS: usize = 20;

/// Patches that are tried alone at most, where together they break the file.
const ALONE: usize = 50;

/// What repairs made of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// The text now; the one that was given, where nothing was applied.
    pub text: String,
    /// How many patches were applied.
    pub applied: usize,
    /// Whether patches were left out because the text would not parse with them as it did before.
    pub is_refused: bool,
}

/// Applies the patches of a text, the unsafe ones where `least` says so, until none is left. `enrich` may add
/// patches to what each round finds.
#[must_use]
pub fn repair(
    source: &Source,
    text: &str,
    settings: &Settings,
    least: Safety,
    enrich: &mut dyn FnMut(&mut LintFile),
) -> Repaired {
    let mut out = Repaired {
        text: text.to_owned(),
        applied: 0,
        is_refused: false,
    };
    let Some(mut file) = lint_bytes(source, text.as_bytes(), settings) else {
        return out;
    };
    let errors = file.errors.len();
    let fits = |text: &str| {
        let next = lint_bytes(source, text.as_bytes(), settings);
        next.filter(|next| next.errors.len() <= errors)
    };
    for _ in 0..ROUNDS {
        enrich(&mut file);
        let (fixed, applied) = fix::apply(&out.text, &file.findings, least);
        if applied == 0 || fixed == out.text {
            break;
        }
        if let Some(next) = fits(&fixed) {
            (file, out.text) = (next, fixed);
            out.applied += applied;
            continue;
        }
        out.is_refused = true;
        // One of them breaks the file: the first that does not is taken alone.
        let alone = file.findings.iter().filter(|found| found.fix.is_some());
        let mut alone = alone.take(ALONE).map(|found| {
            let one = std::slice::from_ref(found);
            fix::apply(&out.text, one, least).0
        });
        let found = alone.find_map(|fixed| {
            let is_new = fixed != out.text;
            fits(&fixed).filter(|_| is_new).map(|next| (next, fixed))
        });
        let Some((next, fixed)) = found else { break };
        (file, out.text) = (next, fixed);
        out.applied += 1;
    }
    out
}

/// Puts a text in the place of a file at once, with the mode and, where that may be, the owner of the file. A link
/// stays one: what it leads to is replaced.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let metadata = fs::metadata(&path)?;
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".plimsoll-")
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let own = file.as_file().metadata()?;
        if (own.uid(), own.gid()) != (metadata.uid(), metadata.gid()) {
            // Who is not root gets the file anew, as with any editor.
            let _ =
                std::os::unix::fs::chown(file.path(), Some(metadata.uid()), Some(metadata.gid()));
        }
    }
    file.as_file().set_permissions(metadata.permissions())?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use plimsoll_model::lint::fix::insert;
    use plimsoll_model::lint::{Fix, LintFinding};

    use super::*;
    use crate::lint::Hint;

    fn source() -> Source {
        Source {
            name: "Dockerfile".to_owned(),
            path: None,
            is_asked: true,
            hint: Hint::Dockerfile,
        }
    }

    /// Repairs with one patch that puts a text at the end of the first finding's file, once.
    fn put(text: &str, more: &str) -> Repaired {
        let mut is_done = false;
        let at = text.len();
        let edits = vec![insert(at, more)];
        let mut enrich = move |file: &mut LintFile| {
            for finding in &mut file.findings {
                finding.fix = None;
            }
            let first: Option<&mut LintFinding> = file.findings.first_mut();
            if let Some(first) = first.filter(|_| !is_done) {
                first.fix = Some(Fix {
                    safety: Safety::Safe,
                    edits: edits.clone(),
                });
                is_done = true;
            }
        };
        repair(
            &source(),
            text,
            &Settings::default(),
            Safety::Safe,
            &mut enrich,
        )
    }

    #[test]
    fn what_would_not_parse_is_not_made() {
        let text = "FROM debian:latest\n";
        let good = put(text, "USER 1000\n");
        assert_eq!(good.text, "FROM debian:latest\nUSER 1000\n");
        assert_eq!((good.applied, good.is_refused), (1, false));
        let bad = put(text, "NONSENSE\n");
        assert_eq!(
            (bad.text.as_str(), bad.applied, bad.is_refused),
            (text, 0, true)
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_file_keeps_its_mode_and_a_link_stays_one() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder can be made");
        let (file, link) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&file, "old").expect("files can be written");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("modes can be set");
        std::os::unix::fs::symlink("a", &link).expect("links can be made");
        replace(&link, "new").expect("it can be replaced");
        assert_eq!(fs::read_to_string(&file).expect("it is there"), "new");
        let mode = fs::metadata(&file)
            .expect("it is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o640);
        assert!(
            fs::symlink_metadata(&link)
                .expect("it is there")
                .is_symlink()
        );
        let count = fs::read_dir(folder.path()).expect("it is a folder").count();
        assert_eq!(count, 2);
    }
}
