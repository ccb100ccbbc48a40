//! Which files a package owns.

use foldhash::{HashSet, HashSetExt};
use plimsoll_analyze::File;
use plimsoll_model::{Ecosystem, Effect};

use super::super::{Ledger, Owned, PATH_BYTES};
use super::Kind;

/// Reads the paths of one package.
///
/// A list is whole where it is read at all, and a package without a list is still known from the status, so
/// that a loss here is a gap and no more.
pub(in crate::os) fn read(
    kind: Kind,
    ecosystem: Ecosystem,
    file: &mut File<'_>,
    ledger: &mut Ledger<'_, '_>,
) {
    let Some(bytes) = file.bytes() else {
        ledger.unreadable(Effect::Gap, || {
            "is too large for a list of files".to_owned()
        });
        return;
    };
    let stem = file
        .path
        .file_name()
        .rsplit_once('.')
        .map_or("", |(stem, _)| stem);
    // `libc6:amd64.list`: packages of several architectures side by side.
    let package = stem.split(':').next().unwrap_or_default();
    if package.is_empty() {
        ledger.unreadable(Effect::Gap, || "names no package".to_owned());
        return;
    }
    let (mut paths, odd) = match kind {
        Kind::Sums => sums(bytes),
        _ => listed(bytes),
    };
    if !bytes.is_empty() && !bytes.ends_with(b"\n") {
        ledger.unreadable(Effect::Gap, || "ends in the middle of a line".to_owned());
    }
    if let Some(line) = odd {
        ledger.unreadable(Effect::Gap, || format!("line {line} is not a path"));
    }
    if ecosystem == Ecosystem::Opkg {
        // Newer versions write the mode and the target of a link after the path, with tabs between them.
        for path in &mut paths {
            *path = path.split(|&byte| byte == b'\t').next().unwrap_or_default();
        }
    }
    drop_folders(&mut paths);
    let mut owned = Owned::default();
    owned.allow(bytes.len());
    owned.expect(paths.len());
    for path in paths {
        owned.add(b"", path);
    }
    let (keys, dropped) = owned.take();
    if dropped > 0 {
        ledger.unreadable(Effect::Gap, || {
            format!("has {dropped} paths that are too long")
        });
    }
    if !keys.is_empty() {
        ledger.owns(ecosystem, package.to_owned(), keys);
    }
}

/// What stands between line feeds.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]);
    let mut from = 0;
    ends.map(move |end| {
        let line = bytes.get(from..end).unwrap_or_default();
        from = end.saturating_add(1);
        line
    })
}

/// Paths of a list without their leading slash, and the number of the first line that is no path.
fn listed(bytes: &[u8]) -> (Vec<&[u8]>, Option<usize>) {
    let mut odd = None;
    let mut paths = Vec::new();
    for (line, number) in lines(bytes).zip(1_usize..) {
        match line {
            b"" | b"/." => {}
            [b'/', path @ ..] if !path.is_empty() && path.len() <= PATH_BYTES => paths.push(path),
            _ => odd = odd.or(Some(number)),
        }
    }
    (paths, odd)
}

/// Paths of a file of MD5 sums: 32 digits, two spaces, a path below the root.
fn sums(bytes: &[u8]) -> (Vec<&[u8]>, Option<usize>) {
    let mut odd = None;
    let mut paths = Vec::new();
    for (line, number) in lines(bytes).zip(1_usize..) {
        if line.is_empty() {
            continue;
        }
        let path = line
            .split_at_checked(32)
            .filter(|(sum, _)| sum.iter().all(u8::is_ascii_hexdigit))
            .and_then(|(_, rest)| {
                rest.strip_prefix(b"  ")
                    .or_else(|| rest.strip_prefix(b" *"))
            })
            .map(|path| path.strip_prefix(b"./").unwrap_or(path))
            .map(|path| path.strip_prefix(b"/").unwrap_or(path))
            .filter(|path| !path.is_empty() && path.len() <= PATH_BYTES);
        match path {
            Some(path) => paths.push(path),
            None => odd = odd.or(Some(number)),
        }
    }
    (paths, odd)
}

/// Drops every path that another one lies directly in. A list does not say which of its lines are folders, but
/// dpkg lists every folder on the way to a file, so that each folder with content has a line below it. What
/// stays of the others, empty folders, is no file of any image and harms nothing.
fn drop_folders(paths: &mut Vec<&[u8]>) {
    let mut folders = HashSet::with_capacity(paths.len() / 4);
    let mut last: Option<&[u8]> = None;
    for path in paths.iter() {
        let folder = parent(path);
        // What lies in one folder mostly stands together.
        if folder != last {
            folders.extend(folder);
            last = folder;
        }
    }
    paths.retain(|path| !folders.contains(path));
}

fn parent(path: &[u8]) -> Option<&[u8]> {
    path.get(..memchr::memrchr(b'/', path)?)
}
