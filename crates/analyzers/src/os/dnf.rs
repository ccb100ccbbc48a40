//! From which repository dnf or yum installed a package.
//!
//! rpm does not record it. dnf 4 and microdnf keep it in `var/lib/dnf/history.sqlite` (libdnf,
//! `transaction/sql`), dnf 5 in `nevras.toml` of its system state, yum in a folder `yumdb` with a file
//! `from_repo` for each package. The repository tells the product, and what is of EPEL from what is of RHEL.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{FactBody, InstalledFrom};
use plimsoll_model::{Ecosystem, Effect};
use serde::Deserialize;

use super::PACKAGES_PER_FILE;
use super::rpm::sqlite::{self, Row};
use super::rpm::store::{Bytes, Damage};

/// Reads where dnf and yum took packages from.
#[derive(Debug)]
pub struct Dnf;

const HISTORY: &str = "var/lib/dnf/history.sqlite";
const STATE: &str = "usr/lib/sysimage/libdnf5/nevras.toml";
const YUMDB: &str = "var/lib/yum/yumdb/";

static META: Meta = Meta {
    id: "os/dnf",
    revision: 1,
    docs: "Reads from which repository dnf, microdnf or yum installed each package.",
    interest: Interest {
        paths: &[HISTORY, STATE],
        names: &[],
        suffixes: &[],
        under: &[(YUMDB, "/from_repo")],
        executables: Executables::Ignored,
    },
    limit: 256 << 20,
    loss: Effect::Gap,
};

/// Longest name of a package, version or repository.
const WORD_BYTES: usize = 256;

/// What dnf calls the packages that are installed already.
const INSTALLED: &str = "@System";

impl Analyzer for Dnf {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let path = file.path.as_str();
        if path == HISTORY {
            match history(file) {
                Ok(found) => state(found, sink),
                Err(damage) => sink.unreadable(damage.to_string()),
            }
        } else if path == STATE {
            match file.bytes().map(system_state) {
                Some(Ok(found)) => state(found, sink),
                Some(Err(error)) => {
                    sink.unreadable(format!("is no system state of dnf 5: {error}"));
                }
                None => sink.unreadable("is too large for a system state of dnf 5"),
            }
        } else if let Some(found) = file.bytes().and_then(|bytes| of_yum(path, bytes)) {
            state(vec![found], sink);
        } else {
            sink.unreadable("names no repository of a package");
        }
    }
}

fn state(found: Vec<InstalledFrom>, sink: &mut Sink<'_>) {
    if found.len() > PACKAGES_PER_FILE {
        sink.unreadable(format!("has more than {PACKAGES_PER_FILE} packages"));
    }
    for one in found.into_iter().take(PACKAGES_PER_FILE) {
        sink.fact(FactBody::InstalledFrom(one));
    }
}

fn installed(name: &str, version: &str, architecture: &str, repository: &str) -> InstalledFrom {
    InstalledFrom {
        ecosystem: Ecosystem::Rpm,
        package: name.to_owned(),
        version: version.to_owned(),
        architecture: architecture.to_owned(),
        repository: repository.to_owned(),
    }
}

/// Joins the tables `trans_item(id, trans_id, item_id, repo_id, …)`, `rpm(item_id, name, epoch, version, release,
/// arch)` and `repo(id, repoid)`. Of several transactions on a package the last that names a repository counts.
fn history(file: &mut File<'_>) -> Result<Vec<InstalledFrom>, Damage> {
    let mut repositories: BTreeMap<u64, String> = BTreeMap::new();
    rows(file, "repo", &mut |row| {
        if let Some(id) = row.text(1).filter(|id| id != INSTALLED) {
            repositories.insert(row.id, id);
        }
    })?;
    let mut last: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
    rows(file, "trans_item", &mut |row| {
        if let (Some(item), Some(repository)) = (row.number(2), row.number(3))
            && repositories.contains_key(&repository)
        {
            let newest = last.entry(item).or_default();
            *newest = (*newest).max((row.id, repository));
        }
    })?;
    let mut found = Vec::new();
    rows(file, "rpm", &mut |row| {
        let told = row.number(0).and_then(|item| last.get(&item));
        let repository = told.and_then(|(_, repository)| repositories.get(repository));
        if let (Some(repository), Some(name), Some(version), Some(release), Some(architecture)) = (
            repository,
            row.text(1),
            row.text(3),
            row.text(4),
            row.text(5),
        ) {
            let version = format!("{version}-{release}");
            found.push(installed(&name, &version, &architecture, repository));
        }
    })?;
    Ok(found)
}

/// Hands over the rows of a table, up to ten times as many as there may be packages: each has a history.
fn rows(file: &mut File<'_>, table: &str, each: &mut dyn FnMut(&Row<'_>)) -> Result<(), Damage> {
    let size = file.size;
    let mut bytes = Bytes::new(file.reader(), size);
    let mut damaged = None;
    let mut left = PACKAGES_PER_FILE.saturating_mul(10);
    let _ = sqlite::walk_rows(&mut bytes, table, &mut |row| {
        match row {
            Ok(row) => each(&row),
            Err(damage) => damaged = Some(damage),
        }
        left = left.saturating_sub(1);
        if left == 0 || damaged.is_some() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    damaged.map_or(Ok(()), Err)
}

/// `nevras.toml` of dnf 5.
#[derive(Deserialize)]
struct State {
    #[serde(default)]
    nevras: BTreeMap<String, Origin>,
}

#[derive(Deserialize)]
struct Origin {
    #[serde(default)]
    from_repo: String,
}

fn system_state(bytes: &[u8]) -> Result<Vec<InstalledFrom>, toml::de::Error> {
    let state: State = toml::from_str(&String::from_utf8_lossy(bytes))?;
    Ok(state
        .nevras
        .iter()
        .filter(|(_, origin)| is_word(&origin.from_repo) && origin.from_repo != INSTALLED)
        .filter_map(|(nevra, origin)| of_nevra(nevra, &origin.from_repo))
        .collect())
}

/// `name-epoch:version-release.architecture`, with or without the epoch.
fn of_nevra(nevra: &str, repository: &str) -> Option<InstalledFrom> {
    let (rest, architecture) = nevra.rsplit_once('.')?;
    let (rest, release) = rest.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    let version = version.split_once(':').map_or(version, |(_, rest)| rest);
    let whole = format!("{version}-{release}");
    [name, architecture, &whole]
        .into_iter()
        .all(is_word)
        .then(|| installed(name, &whole, architecture, repository))
}

/// `…/LETTER/CHECKSUM-NAME-VERSION-RELEASE-ARCHITECTURE/from_repo`, whose content is the repository.
fn of_yum(path: &str, bytes: &[u8]) -> Option<InstalledFrom> {
    let folder = path.strip_suffix("/from_repo")?.rsplit('/').next()?;
    let (_checksum, rest) = folder.split_once('-')?;
    let (rest, architecture) = rest.rsplit_once('-')?;
    let (rest, release) = rest.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    let repository = std::str::from_utf8(bytes).ok()?.trim();
    let whole = format!("{version}-{release}");
    [name, architecture, &whole, repository]
        .into_iter()
        .all(is_word)
        .then(|| installed(name, &whole, architecture, repository))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.len() <= WORD_BYTES && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let bash = installed("bash", "5.2.26-3.fc40", "x86_64", "fedora");
        assert_eq!(
            of_nevra("bash-0:5.2.26-3.fc40.x86_64", "fedora"),
            Some(bash.clone())
        );
        assert_eq!(of_nevra("bash-5.2.26-3.fc40.x86_64", "fedora"), Some(bash));
        assert_eq!(of_nevra("bash", "fedora"), None);
        assert_eq!(of_nevra("", "fedora"), None);
        let path = "var/lib/yum/yumdb/b/0a1b-bash-completion-2.1-8.el7-noarch/from_repo";
        assert_eq!(
            of_yum(path, b"base\n"),
            Some(installed("bash-completion", "2.1-8.el7", "noarch", "base"))
        );
        assert_eq!(of_yum(path, b""), None);
        assert_eq!(of_yum("var/lib/yum/yumdb/from_repo", b"base"), None);
    }
}
