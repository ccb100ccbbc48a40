//! Homebrew's record of what it installed.
//!
//! Each formula has a folder `Cellar/<name>/<version>/` (its "keg") with `INSTALL_RECEIPT.json`, and a copy of the
//! formula itself in `.brew/<name>.rb` (Homebrew source, `tab.rb` and `keg.rb`). Name and version are those of
//! the folders. The receipt has the dependencies, the formula the licence; what both say is joined after the
//! squash. Formulae of a tap (`Library/Taps`) that are not installed are no packages of the image.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::PackageFact;
use plimsoll_model::{Ecosystem, Effect};
use serde::Deserialize;

/// Reads what Homebrew installed.
#[derive(Debug)]
pub struct Brew;

const RECEIPT: &str = "INSTALL_RECEIPT.json";

static META: Meta = Meta {
    id: "os/brew",
    revision: 1,
    docs: "Reads the formulae that Homebrew installed, with their licences and dependencies.",
    interest: Interest {
        paths: &[],
        names: &[RECEIPT],
        suffixes: &[],
        under: &[
            ("home/linuxbrew/.linuxbrew/Cellar/", ".rb"),
            ("opt/homebrew/Cellar/", ".rb"),
            ("usr/local/Cellar/", ".rb"),
        ],
        executables: Executables::Ignored,
    },
    limit: 4 << 20,
    loss: Effect::Gap,
};

/// The receipt, as far as it matters here.
#[derive(Deserialize)]
struct Receipt {
    #[serde(default)]
    runtime_dependencies: Option<Vec<Dependency>>,
    #[serde(default)]
    source: Option<Source>,
}

#[derive(Deserialize)]
struct Dependency {
    full_name: String,
}

#[derive(Deserialize)]
struct Source {
    #[serde(default)]
    tap: Option<String>,
}

impl Analyzer for Brew {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some(keg) = Keg::of(file.path.as_str()) else {
            return;
        };
        let mut package = PackageFact::new(Ecosystem::Brew, keg.name, keg.version);
        let Some(bytes) = file.bytes() else {
            return sink.unreadable("is not in memory");
        };
        if keg.file == RECEIPT {
            match serde_json::from_slice::<Receipt>(bytes) {
                Ok(receipt) => {
                    let depends = receipt.runtime_dependencies.unwrap_or_default();
                    package.depends = depends.into_iter().map(|one| one.full_name).collect();
                    package.depends.sort_unstable();
                    package.depends.dedup();
                    package.maker = receipt.source.and_then(|source| source.tap);
                }
                Err(error) => sink.unreadable(format!("cannot be read: {error}")),
            }
        } else {
            package.licenses = licenses(&String::from_utf8_lossy(bytes));
        }
        sink.package(package);
    }
}

/// Where a file lies.
struct Keg<'p> {
    name: &'p str,
    version: &'p str,
    /// The rest of the path: the receipt, or a formula.
    file: &'p str,
}

impl<'p> Keg<'p> {
    fn of(path: &'p str) -> Option<Self> {
        let below = path
            .strip_prefix("Cellar/")
            .or_else(|| path.split_once("/Cellar/").map(|(_, below)| below))?;
        let (name, rest) = below.split_once('/')?;
        let (version, file) = rest.split_once('/')?;
        let formula = file
            .strip_prefix(".brew/")
            .and_then(|file| file.strip_suffix(".rb"))
            .is_some_and(|stem| stem == name);
        let wanted = file == RECEIPT || formula;
        (wanted && !name.is_empty() && !version.is_empty()).then_some(Self {
            name,
            version,
            file,
        })
    }
}

/// The licence of a formula: `license "MIT"`. An expression of several (`any_of:`) is code, and is left alone.
fn licenses(formula: &str) -> Vec<String> {
    formula
        .lines()
        .filter_map(|line| line.trim().strip_prefix("license \"")?.strip_suffix('"'))
        .filter(|license| !license.is_empty() && license.len() <= 200)
        .take(1)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_in_a_keg_counts() {
        let keg = |path| Keg::of(path).map(|keg| (keg.name, keg.version));
        let jq = Some(("jq", "1.7.1_1"));
        assert_eq!(
            keg("opt/homebrew/Cellar/jq/1.7.1_1/INSTALL_RECEIPT.json"),
            jq
        );
        assert_eq!(keg("usr/local/Cellar/jq/1.7.1_1/.brew/jq.rb"), jq);
        assert_eq!(keg("usr/local/Cellar/jq/1.7.1_1/lib/jq.rb"), None);
        assert_eq!(keg("srv/INSTALL_RECEIPT.json"), None);
    }

    #[test]
    fn a_plain_licence_is_read_and_code_is_not() {
        assert_eq!(licenses("class Jq\n  license \"MIT\"\nend\n"), ["MIT"]);
        assert!(licenses("  license any_of: [\"MIT\", \"0BSD\"]\n").is_empty());
    }
}
