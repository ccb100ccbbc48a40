//! Debian's copyright files, `usr/share/doc/PACKAGE/copyright` (Debian Policy 12.5).
//!
//! dpkg's database does not tell licences; these files do, in one of two forms. The machine-readable one
//! (copyright format 1.0, "DEP 5") names a licence in each field `License`. Anything else is text for people, of
//! which the references to `usr/share/common-licenses` and the first words of well-known licences are taken.
//! What is not recognised is not guessed: a package without a statement has none.

use std::collections::BTreeSet;

use memchr::memmem;
use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{FactBody, Licenses};
use plimsoll_model::{Ecosystem, Effect, ImagePath};

/// Reads Debian's copyright files.
#[derive(Debug)]
pub struct Copyright;

const FOLDER: &str = "usr/share/doc/";
const NAME: &str = "/copyright";

static META: Meta = Meta {
    id: "os/copyright",
    revision: 2,
    docs: "Reads the licences of Debian packages from `usr/share/doc/PACKAGE/copyright`: the fields of the \
           machine-readable form, or else references to common licences and well-known texts.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[(FOLDER, NAME)],
        executables: Executables::Ignored,
    },
    limit: 8 << 20,
    loss: Effect::Note,
};

/// Statements of one package at most; browsers have some hundred.
const STATEMENTS: usize = 512;

/// Longest statement; longer ones are no names of licences.
const STATEMENT_BYTES: usize = 256;

impl Analyzer for Copyright {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some(package) = package(file.path) else {
            return;
        };
        let package = package.to_owned();
        let Some(bytes) = file.bytes() else {
            sink.unreadable("is too large for a copyright file");
            return;
        };
        let text = String::from_utf8_lossy(bytes);
        let mut found = if is_machine_readable(&text) {
            fields(&text)
        } else {
            BTreeSet::new()
        };
        if found.is_empty() {
            found = recognised(&text);
        }
        if !found.is_empty() {
            sink.fact(FactBody::Licenses(Licenses {
                ecosystem: Ecosystem::Deb,
                package,
                licenses: found.into_iter().collect(),
            }));
        }
    }
}

/// The package of a copyright file; `None` for files of that name deeper below.
fn package(path: &ImagePath) -> Option<&str> {
    let name = path.as_str().strip_prefix(FOLDER)?.strip_suffix(NAME)?;
    (!name.is_empty() && !name.contains('/')).then_some(name)
}

/// Whether the first paragraph names the format, as it must (copyright format 1.0, "Header paragraph").
fn is_machine_readable(text: &str) -> bool {
    text.lines()
        .skip_while(|line| line.trim().is_empty())
        .take_while(|line| !line.trim().is_empty())
        .any(|line| {
            value_of(line, "Format").is_some() || value_of(line, "Format-Specification").is_some()
        })
}

/// The value of a field, whose name is the same in any case.
fn value_of<'l>(line: &'l str, field: &str) -> Option<&'l str> {
    let (name, value) = line.split_once(':')?;
    name.eq_ignore_ascii_case(field).then(|| value.trim())
}

/// The first lines of all `License` fields, without those of `Files: debian/*`, which are about the packaging.
/// The patterns of `Files` may go on, or even begin, on lines behind it, each of which begins with a blank.
fn fields(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut patterns = Patterns::default();
    for line in text.lines() {
        match line.as_bytes().first() {
            None => patterns = Patterns::default(),
            Some(b' ' | b'\t') => patterns.more(line),
            Some(b'F' | b'f') => {
                patterns = Patterns::default();
                if let Some(files) = value_of(line, "Files") {
                    patterns.go_on = true;
                    patterns.more(files);
                }
            }
            Some(first) => {
                patterns.go_on = false;
                if matches!(first, b'L' | b'l')
                    && !patterns.are_of_packaging()
                    && found.len() < STATEMENTS
                {
                    let name = value_of(line, "License");
                    found.extend(
                        name.filter(|name| !name.is_empty() && name.len() <= STATEMENT_BYTES)
                            .map(str::to_owned),
                    );
                }
            }
        }
    }
    found
}

/// What the field `Files` of a paragraph names.
#[derive(Default)]
struct Patterns {
    /// Whether the next line that begins with a blank belongs to the field.
    go_on: bool,
    of_packaging: bool,
    of_others: bool,
}

impl Patterns {
    fn more(&mut self, line: &str) {
        if !self.go_on {
            return;
        }
        for pattern in line.split_whitespace() {
            if pattern.starts_with("debian/") {
                self.of_packaging = true;
            } else {
                self.of_others = true;
            }
        }
    }

    fn are_of_packaging(&self) -> bool {
        self.of_packaging && !self.of_others
    }
}

/// Beginnings or turns of licences that no other text has, lower case and with single spaces, and the names that
/// Debian gives to them (copyright format 1.0, "License specification").
const PHRASES: &[(&str, &str)] = &[
    (
        "permission is hereby granted, free of charge, to any person obtaining",
        "Expat",
    ),
    (
        "permission to use, copy, modify, and/or distribute this software for any purpose with or without fee",
        "ISC",
    ),
    (
        "permission to use, copy, modify, and distribute this software for any purpose with or without fee",
        "ISC",
    ),
    (
        "licensed under the apache license, version 2.0",
        "Apache-2.0",
    ),
    // The text of the GPL names the Affero licence too, with other words.
    (
        "the terms of the gnu affero general public license",
        "AGPL-3",
    ),
    (
        "this software is provided 'as-is', without any express or implied warranty",
        "Zlib",
    ),
    ("mozilla public license version 1.1", "MPL-1.1"),
    ("mozilla public license, version 2.0", "MPL-2.0"),
    ("boost software license - version 1.0", "BSL-1.0"),
    ("sil open font license, version 1.1", "OFL-1.1"),
    ("creative commons legal code cc0 1.0 universal", "CC0-1.0"),
    ("in the public domain", "public-domain"),
    ("gnu lesser general public license, version 2.1", "LGPL-2.1"),
    (
        "permission to use, copy, modify, distribute, and sell this software and its documentation for any \
         purpose is hereby granted without fee",
        "HPND-sell-variant",
    ),
    ("python software foundation license version 2", "PSF-2.0"),
    (
        "permission to use, copy, modify, distribute, and license this software and its documentation for any \
         purpose",
        "TCL",
    ),
];

/// Licences that a text for people names or quotes.
fn recognised(text: &str) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = referred(text).take(STATEMENTS).collect();
    let plain = plain(text);
    let has = |phrase: &str| memmem::find(plain.as_bytes(), phrase.as_bytes()).is_some();
    for (phrase, name) in PHRASES {
        if has(phrase) {
            found.insert((*name).to_owned());
        }
    }
    if has("redistribution and use in source and binary forms") {
        let name = if has("advertising materials mentioning features") {
            "BSD-4-clause"
        } else if has("neither the name") || has("may not be used to endorse or promote") {
            "BSD-3-clause"
        } else {
            "BSD-2-clause"
        };
        found.insert(name.to_owned());
    }
    // Old files name the licence and forget the reference.
    let is_gnu = |name: &String| name.contains("GPL");
    if !found.iter().any(is_gnu) && !has("gnu affero") {
        if has("terms of the gnu lesser general public license")
            || has("terms of the gnu library general public license")
        {
            found.insert("LGPL".to_owned());
        } else if has("terms of the gnu general public license") {
            found.insert("GPL".to_owned());
        }
    }
    found
}

const COMMON: &str = "/usr/share/common-licenses/";

/// Names of files in the folder of common licences that the text refers to.
fn referred(text: &str) -> impl Iterator<Item = String> {
    text.split(COMMON).skip(1).filter_map(|rest| {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
        let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let name = rest.get(..end)?.trim_end_matches(['.', '-']);
        (!name.is_empty() && name.len() <= 32).then(|| name.to_owned())
    })
}

/// The text in lower case with single spaces, so that line breaks and indents do not matter.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        // Comment marks of quoted source.
        if matches!(word, "*" | "#" | "//" | "." | "|") {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            out.push(c.to_ascii_lowercase());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> String {
        let found = if is_machine_readable(text) {
            fields(text)
        } else {
            recognised(text)
        };
        found.into_iter().collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn fields_of_the_machine_readable_form() {
        assert_eq!(
            names(
                "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: x\n\n\
                 Files: *\nCopyright: 2020 A\nLicense: GPL-2+ and Expat\n\nFiles: debian/*\nCopyright: B\n\
                 License: AGPL-3\n\nFiles: lib/*\nlicense: BSD-3-clause\n Redistribution and use\n\n\
                 License: GPL-2+\n This is free software; see /usr/share/common-licenses/GPL-2.\n"
            ),
            "BSD-3-clause | GPL-2+ | GPL-2+ and Expat"
        );
    }

    #[test]
    fn patterns_of_files_go_on_behind_their_field() {
        assert_eq!(
            names(
                "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n\
                 Files:\n *\nCopyright: 2020 A\nLicense: AGPL-3+\n\n\
                 Files: debian/*\n lib/*\nCopyright:\n B\n C\nLicense: Expat\n\n\
                 Files:\n debian/*\n debian/tests/x\nCopyright: D\nLicense: CC0-1.0\n"
            ),
            "AGPL-3+ | Expat"
        );
    }

    #[test]
    fn texts_for_people() {
        for (text, expected) in [
            (
                "This package was debianized by A.\n\nOn Debian systems, see `/usr/share/common-licenses/GPL-2'\n\
                 and /usr/share/common-licenses/LGPL-2.1.\n",
                "GPL-2 | LGPL-2.1",
            ),
            (
                "   Permission is hereby granted, free of\n   charge, to any person obtaining a copy\n",
                "Expat",
            ),
            (
                " * Redistribution and use in source and binary\n * forms, with or without modification\n",
                "BSD-2-clause",
            ),
            (
                "under the terms of the GNU Affero General Public License as published",
                "AGPL-3",
            ),
            // Section 13 of the GPL.
            (
                "licensed under version 3 of the GNU Affero General Public License into a single combined work",
                "",
            ),
            ("under the terms of the GNU General Public License", "GPL"),
            ("Ask the author.\n", ""),
            ("", ""),
        ] {
            assert_eq!(names(text), expected, "{text}");
        }
    }

    #[test]
    fn only_the_file_of_a_package() {
        let of = |path: &str| package(&ImagePath::new(path)).map(str::to_owned);
        assert_eq!(of("usr/share/doc/bash/copyright").as_deref(), Some("bash"));
        assert_eq!(of("usr/share/doc/bash/examples/copyright"), None);
        assert_eq!(of("usr/share/doc/copyright"), None);
    }
}
