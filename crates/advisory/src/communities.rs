//! The lists of advisories that communities of languages keep, in the shapes in which they write them. The records
//! are facts of real ones; their prose is ours.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use plimsoll_model::advisory::{Applicability, FixState, PackageMatch};
use plimsoll_model::facts::Package;
use plimsoll_model::{Ecosystem, Effect, Severity};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::db::Database;
use crate::feeds;
use crate::matching::candidates;
use crate::slice::{Slice, image, package};

const AFFECTED: Applicability = Applicability::Affected;
const NOT: Applicability = Applicability::NotAffected;
const UNKNOWN: Applicability = Applicability::Unknown;

/// A repository as its host packs it, gzip and tar, with a folder around all.
fn tarball(files: &[(&str, &str)]) -> Vec<u8> {
    let packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut archive = tar::Builder::new(packed);
    for (path, text) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        archive
            .append_data(
                &mut header,
                format!("repository-main/{path}"),
                text.as_bytes(),
            )
            .expect("memory takes it");
    }
    let packed = archive.into_inner().expect("memory takes it");
    packed.finish().expect("memory takes it")
}

/// The same as zip.
fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in files {
        let options = SimpleFileOptions::default();
        writer
            .start_file(format!("repository-main/{path}"), options)
            .expect("memory takes it");
        writer.write_all(text.as_bytes()).expect("memory takes it");
    }
    writer.finish().expect("memory takes it").into_inner()
}

fn all(db: &Database, package: Package) -> Vec<PackageMatch> {
    candidates(&image(None, vec![package]), 0, db).matches
}

fn ask(db: &Database, ecosystem: Ecosystem, name: &str, version: &str, id: &str) -> PackageMatch {
    let found = all(db, package(ecosystem, name, version));
    let mut found = found.into_iter().filter(|one| one.vulnerability.id == id);
    let one = found
        .next()
        .unwrap_or_else(|| panic!("{name} {version}: no {id}"));
    assert!(found.next().is_none(), "{id} is counted once");
    one
}

fn answers(
    db: &Database,
    ecosystem: Ecosystem,
    name: &str,
    id: &str,
    expected: &[(&str, Applicability)],
) {
    for (version, answer) in expected {
        let found = ask(db, ecosystem, name, version, id);
        assert_eq!(
            found.answer, *answer,
            "{name} {version}: {:?}",
            found.reason
        );
    }
}

/// What is told of an ecosystem as a whole.
fn told(db: &Database, ecosystem: Ecosystem) -> Vec<(Effect, String)> {
    let facts = image(None, vec![package(ecosystem, "unheard-of", "1.0.0")]);
    let problems = candidates(&facts, 0, db).problems.into_iter();
    problems
        .map(|problem| (problem.effect, problem.reason))
        .collect()
}

const SMALLVEC: &str = r#"```toml
[advisory]
id = "RUSTSEC-2021-0003"
package = "smallvec"
aliases = ["CVE-2021-25900", "GHSA-43w2-9j62-hq99"]
cvss = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
date = "2021-01-08"
url = "https://github.com/servo/rust-smallvec/issues/252"

[affected]
functions = { "smallvec::SmallVec::insert_many" = ["< 0.6.14, >= 0.6.3", "< 1.6.1, >= 1.0.0"] }

[versions]
patched = [">= 0.6.14, < 1.0.0", ">= 1.6.1"]
unaffected = ["< 0.6.3"]
```

# Overflow in insert_many

Written too far.
"#;

const UNMAINTAINED: &str = r#"```toml
[advisory]
id = "RUSTSEC-2021-0139"
package = "ansi_term"
date = "2021-08-18"
informational = "unmaintained"

[versions]
patched = []
```

# ansi_term is no longer maintained
"#;

const UNSOUND: &str = r#"```toml
[advisory]
id = "RUSTSEC-2021-0145"
package = "atty"
date = "2021-07-04"
informational = "unsound"
aliases = ["GHSA-g98v-hv3f-hcfr"]

[affected]
os = ["windows"]

[versions]
patched = []
```

# Unaligned read
"#;

const WITHDRAWN: &str = r#"```toml
[advisory]
id = "RUSTSEC-2020-0008"
package = "hyper"
date = "2020-03-19"
withdrawn = "2021-08-05"

[versions]
patched = [">= 0.12.34"]
```

# Taken back
"#;

const STD: &str = r#"```toml
[advisory]
id = "CVE-2022-21658"
package = "std"
date = "2022-01-16"

[affected.functions]
"std::fs::remove_dir_all" = ["< 1.58.1"]

[versions]
patched = [">= 1.58.1"]
```

# A race in remove_dir_all
"#;

const CARGO: &str = r#"```toml
[advisory]
id = "CVE-2019-16760"
package = "cargo"
date = "2019-09-30"

[versions]
patched = [">= 1.26.0"]
```

# Renamed dependencies
"#;

const RUSTSEC: &[(&str, &str)] = &[
    ("README.md", "# RustSec"),
    ("crates/smallvec/RUSTSEC-2021-0003.md", SMALLVEC),
    ("crates/ansi_term/RUSTSEC-2021-0139.md", UNMAINTAINED),
    ("crates/atty/RUSTSEC-2021-0145.md", UNSOUND),
    ("crates/hyper/RUSTSEC-2020-0008.md", WITHDRAWN),
    ("rust/std/CVE-2022-21658.md", STD),
    ("rust/cargo/CVE-2019-16760.md", CARGO),
];

#[test]
fn rustsec_names_what_is_sound() {
    for packed in [tarball(RUSTSEC), zipped(RUSTSEC)] {
        let slice = Slice::new().document("rustsec", "", &packed);
        assert_eq!(slice.problems, []);
        let db = slice.database();
        answers(
            &db,
            Ecosystem::Cargo,
            "smallvec",
            "CVE-2021-25900",
            &[
                ("0.6.2", NOT),
                ("0.6.3", AFFECTED),
                ("0.6.13", AFFECTED),
                ("0.6.14", NOT),
                ("1.0.0", AFFECTED),
                ("1.6.0", AFFECTED),
                ("1.6.1", NOT),
                ("2.0.0-alpha.1", NOT),
            ],
        );
        let found = ask(&db, Ecosystem::Cargo, "smallvec", "1.6.0", "CVE-2021-25900");
        assert_eq!(found.reason.record, "RUSTSEC-2021-0003");
        assert_eq!(
            found.reason.rule,
            "[1.0.0, 1.6.1); in smallvec::SmallVec::insert_many"
        );
        assert_eq!(found.vulnerability.severity, Severity::Critical);
        assert_eq!(found.vulnerability.title, "Overflow in insert_many");
        assert_eq!(found.fix, FixState::Fixed(vec!["1.6.1".to_owned()]));
        assert_eq!(told(&db, Ecosystem::Cargo), []);
    }
}

#[test]
fn rustsec_s_information_is_seen_and_counts_as_what_it_is() {
    let db = Slice::new()
        .document("rustsec", "", &tarball(RUSTSEC))
        .database();
    let unmaintained = ask(
        &db,
        Ecosystem::Cargo,
        "ansi_term",
        "0.12.1",
        "RUSTSEC-2021-0139",
    );
    assert_eq!(unmaintained.vulnerability.severity, Severity::Negligible);
    assert_eq!(
        unmaintained.reason.rule,
        "[0, ∞); informational: unmaintained"
    );
    let unsound = ask(
        &db,
        Ecosystem::Cargo,
        "atty",
        "0.2.14",
        "GHSA-g98v-hv3f-hcfr",
    );
    assert_eq!(
        unsound.reason.rule,
        "[0, ∞); informational: unsound; only on windows"
    );
    assert_ne!(unsound.vulnerability.severity, Severity::Negligible);
    answers(
        &db,
        Ecosystem::Cargo,
        "hyper",
        "RUSTSEC-2020-0008",
        &[("0.12.0", NOT)],
    );
}

/// The package manager has numbers of its own, and a crate bears its name.
#[test]
fn rustsec_s_toolchain_is_no_crate() {
    let db = Slice::new()
        .document("rustsec", "", &tarball(RUSTSEC))
        .database();
    assert_eq!(all(&db, package(Ecosystem::Cargo, "cargo", "0.60.0")), []);
    assert_eq!(all(&db, package(Ecosystem::Cargo, "std", "0.1.0")), []);
    let key = crate::key::EcosystemKey::new(crate::program::KEY);
    let found = db
        .lookup(&key, "rust-standard-library", "1.57.0")
        .expect("it can be read");
    assert_eq!(
        found.iter().map(|one| one.answer).collect::<Vec<_>>(),
        [AFFECTED]
    );
}

/// The same flaw in OSV, with another range: who says affected outweighs, whoever it is.
#[test]
fn a_narrower_list_hides_nothing() {
    let record = serde_json::json!({
        "id": "GHSA-43w2-9j62-hq99", "aliases": ["CVE-2021-25900"], "modified": "2022-01-01T00:00:00Z",
        "affected": [{"package": {"ecosystem": "crates.io", "name": "smallvec"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0.6.1"}, {"fixed": "0.6.10"}]}]}],
    });
    let db = Slice::new()
        .osv("crates.io", &[record])
        .document("rustsec", "", &tarball(RUSTSEC))
        .database();
    answers(
        &db,
        Ecosystem::Cargo,
        "smallvec",
        "CVE-2021-25900",
        &[
            ("0.6.1", AFFECTED),
            ("0.6.11", AFFECTED),
            ("1.0.0", AFFECTED),
            ("0.6.0", NOT),
            ("1.6.1", NOT),
        ],
    );
    assert_eq!(
        db.find("GHSA-43w2-9j62-hq99")
            .expect("it can be read")
            .len(),
        1
    );
}

const GO: &str = r#"{"schema_version": "1.3.1", "id": "GO-2021-0113", "modified": "0001-01-01T00:00:00Z",
 "published": "2021-10-06T17:51:21Z", "aliases": ["CVE-2021-38561", "GHSA-ppp9-7jff-5vj2"], "details": "Out of bounds.",
 "affected": [{"package": {"name": "golang.org/x/text", "ecosystem": "Go"},
  "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "0.3.7"}]}],
  "ecosystem_specific": {"imports": [{"path": "golang.org/x/text/language", "symbols": ["MatchStrings", "MustParse", "Parse", "ParseAcceptLanguage"]}]}}]}"#;

#[test]
fn t63_go_names_packages_and_symbols() {
    let files = [
        ("ID/GO-2021-0113.json", GO),
        ("index/db.json", "{\"modified\": \"2024-01-01T00:00:00Z\"}"),
        ("index/modules.json", "[]"),
    ];
    let repository = [
        ("data/osv/GO-2021-0113.json", GO),
        (
            "data/cve/v5/GO-2021-0113.json",
            "{\"dataType\": \"CVE_RECORD\"}",
        ),
        ("data/reports/GO-2021-0113.yaml", "id: GO-2021-0113"),
    ];
    for packed in [zipped(&files), tarball(&repository)] {
        let slice = Slice::new().document("govulndb", "", &packed);
        assert_eq!(slice.problems, []);
        let db = slice.database();
        let found = ask(
            &db,
            Ecosystem::Go,
            "golang.org/x/text",
            "v0.3.6",
            "CVE-2021-38561",
        );
        assert_eq!(
            found.reason.rule,
            "[0, 0.3.7); in golang.org/x/text/language (MatchStrings, MustParse, Parse and 1 more)"
        );
        assert_eq!(found.vulnerability.modified, None);
        assert_eq!(told(&db, Ecosystem::Go), []);
    }
    let db = Slice::new()
        .document("govulndb", "GO-2021-0113", GO.as_bytes())
        .database();
    assert_eq!(told(&db, Ecosystem::Go)[0].0, Effect::Blind);
}

const PYSEC: &str = "id: PYSEC-2009-3\ndetails: A path is not checked.\naffected:\n- package:\n    name: django\n    ecosystem: PyPI\n  ranges:\n  - type: GIT\n    repo: https://github.com/django/django\n    events:\n    - introduced: '0'\n  - type: ECOSYSTEM\n    events:\n    - introduced: '0'\n    - fixed: 1.10\n  versions:\n  - 1.0.1\n  - 1.20\naliases:\n- CVE-2009-2659\nmodified: '2021-07-15T02:22:07.875702Z'\npublished: '2009-08-04T16:30:00Z'\n";
const PYSEC_WITHDRAWN: &str = "id: PYSEC-2022-15\nmodified: '2022-02-01T00:00:00Z'\nwithdrawn: '2022-03-01T00:00:00Z'\naffected:\n- package: {name: pip, ecosystem: PyPI}\n  versions: ['1.0']\n";

/// A bare `1.10` is a version and no fraction.
#[test]
fn pypa_s_yaml_keeps_versions_as_they_are_written() {
    let files = [
        ("vulns/django/PYSEC-2009-3.yaml", PYSEC),
        ("vulns/pip/PYSEC-2022-15.yaml", PYSEC_WITHDRAWN),
        (".github/workflows/x.yaml", "on: push"),
    ];
    let slice = Slice::new().document("pypa", "", &tarball(&files));
    assert_eq!(slice.problems, []);
    let db = slice.database();
    answers(
        &db,
        Ecosystem::Pypi,
        "Django",
        "CVE-2009-2659",
        &[
            ("1.9", AFFECTED),
            ("1.10", NOT),
            ("1.20", AFFECTED),
            ("1.2", AFFECTED),
            ("2.0", NOT),
        ],
    );
    answers(
        &db,
        Ecosystem::Pypi,
        "pip",
        "PYSEC-2022-15",
        &[("1.0", NOT)],
    );
    let all = told(&db, Ecosystem::Pypi);
    assert!(
        matches!(all.as_slice(), [(Effect::Blind, reason)] if reason.contains("one list")),
        "{all:?}"
    );
    let osv =
        serde_json::json!({"id": "GHSA-x", "modified": "2022-01-01T00:00:00Z", "affected": []});
    let db = Slice::new()
        .osv("PyPI", &[osv])
        .document("pypa", "", &tarball(&files))
        .database();
    assert_eq!(
        told(&db, Ecosystem::Pypi),
        [],
        "with OSV's list beside it is whole"
    );
}

const ACTIVERECORD: &str = "---\ngem: activerecord\nframework: rails\ncve: 2016-6317\nghsa: pr3r-4wrp-r2pv\ndate: 2016-08-11\nurl: https://groups.google.com/d/1\ntitle: Unsafe queries\ndescription: |\n  Null gets through.\ncvss_v2: 5.0\ncvss_v3: 7.5\nunaffected_versions:\n  - \"< 4.2.0\"\n  - \">= 5.0.0\"\npatched_versions:\n  - \">= 4.2.7.1\"\nrelated:\n  url:\n  - https://example.com/more\n";
const ACTIONPACK: &str = "---\ngem: actionpack\ncve: 2023-22795\ndate: 2023-01-18\npatched_versions:\n  - \"~> 5.2.8\"\n  - \"~> 6.1.7, >= 6.1.7.1\"\n  - \">= 7.0.4.1\"\n";
const OLD_GEM: &str = "---\ngem: old\nosvdb: 46550\nplatform: jruby\ndate: 2008-06-20\n";
const RUBY: &str = "---\nengine: ruby\ncve: 2022-28739\ndate: 2022-04-12\npatched_versions:\n  - ~> 2.6.10\n  - ~> 2.7.6\n  - ~> 3.0.4\n  - '>= 3.1.2'\n";
const MRUBY: &str = "---\nengine: mruby\ncve: 2022-1934\ndate: 2022-05-31\n";
const ODD_GEM: &str =
    "---\ngem: odd\ncve: 2020-1\ndate: 2020-01-01\npatched_versions:\n  - about 2\n";

const RUBYSEC: &[(&str, &str)] = &[
    ("gems/activerecord/CVE-2016-6317.yml", ACTIVERECORD),
    ("gems/actionpack/CVE-2023-22795.yml", ACTIONPACK),
    ("gems/old/OSVDB-46550.yml", OLD_GEM),
    ("gems/odd/CVE-2020-1.yml", ODD_GEM),
    ("rubies/ruby/CVE-2022-28739.yml", RUBY),
    ("rubies/mruby/CVE-2022-1934.yml", MRUBY),
    ("rubies/eol.yml", "ruby: {}"),
    ("lib/config.yml", "x: 1"),
];

#[test]
fn rubysec_names_what_is_patched() {
    let slice = Slice::new().document("rubysec", "", &tarball(RUBYSEC));
    assert_eq!(
        slice.problems,
        [(
            "CVE-2020-1".to_owned(),
            "the requirement `about 2` cannot be read".to_owned()
        )]
    );
    let db = slice.database();
    answers(
        &db,
        Ecosystem::Gem,
        "activerecord",
        "CVE-2016-6317",
        &[
            ("4.1.16", NOT),
            ("4.2.0", AFFECTED),
            ("4.2.7", AFFECTED),
            ("4.2.7.1", NOT),
            ("5.0.0", NOT),
        ],
    );
    answers(
        &db,
        Ecosystem::Gem,
        "actionpack",
        "CVE-2023-22795",
        &[
            ("5.2.7", AFFECTED),
            ("5.2.8", NOT),
            ("5.2.8.1", NOT),
            ("5.3.0.rc1", AFFECTED),
            ("6.0.6", AFFECTED),
            ("6.1.7", AFFECTED),
            ("6.1.7.1", NOT),
            ("7.0.4.1", NOT),
        ],
    );
    let found = ask(
        &db,
        Ecosystem::Gem,
        "activerecord",
        "4.2.1",
        "CVE-2016-6317",
    );
    assert_eq!(found.vulnerability.aliases, ["GHSA-pr3r-4wrp-r2pv"]);
    assert_eq!(found.vulnerability.severity, Severity::High);
    assert_eq!(
        found.vulnerability.references[0],
        "https://rubysec.com/advisories/CVE-2016-6317"
    );
    let old = ask(&db, Ecosystem::Gem, "old", "1.0", "OSVDB-46550");
    assert_eq!(
        (old.answer, old.reason.rule.as_str()),
        (AFFECTED, "[0, ∞); only on jruby")
    );
    answers(&db, Ecosystem::Gem, "odd", "CVE-2020-1", &[("3", UNKNOWN)]);
    let key = crate::key::EcosystemKey::new(crate::program::KEY);
    for (version, answer) in [
        ("2.6.9", AFFECTED),
        ("2.6.10", NOT),
        ("3.1.1", AFFECTED),
        ("3.2.0", NOT),
    ] {
        let found = db.lookup(&key, "ruby", version).expect("it can be read");
        assert_eq!(
            found.iter().map(|one| one.answer).collect::<Vec<_>>(),
            [answer],
            "{version}"
        );
    }
}

const SYMFONY: &str = "title:     \"CVE-2024-51996: a cookie is believed\"\nlink:      https://symfony.com/cve-2024-51996\ncve:       CVE-2024-51996\nbranches:\n    5.3.x:\n        time:     ~\n        versions: ['>=5.3.0', '<5.4.0']\n    5.4.x:\n        time:     2024-11-13 08:00:00\n        versions: ['>=5.4.0', '<5.4.47']\n    7.0:\n        time:     2024-11-14\n        versions: ['>=7.1.0', '<7.1.8']\nreference: composer://Symfony/security-http\n";
const DRUPAL: &str = "title: Without an id\nlink: https://example.com/sa\nbranches:\n    master:\n        time: 2015-01-02 00:00:00\n        versions: ['dev-master', '>=1.0,<=1.2.3']\nreference: composer://vendor/thing\n";
const UNREADABLE: &str = "title: CVE-2019-0001\nlink: https://example.com/x\nbranches:\n    1.x:\n        time: ~\n        versions: ['>=1.0', '<1.5']\n    2.x:\n        time: ~\n        versions: ['newer than two']\nreference: composer://vendor/other\n";

#[test]
fn friends_of_php_name_the_affected_of_each_branch() {
    let files = [
        ("symfony/security-http/CVE-2024-51996.yaml", SYMFONY),
        ("vendor/thing/2015-01-02.yaml", DRUPAL),
        ("vendor/other/CVE-2019-0001.yaml", UNREADABLE),
        (".github/workflows/php.yaml", "on: push"),
    ];
    let slice = Slice::new().document("friendsofphp", "", &tarball(&files));
    assert_eq!(
        slice.problems,
        [(
            "CVE-2019-0001".to_owned(),
            "the requirement `newer than two` cannot be read".to_owned()
        )]
    );
    let db = slice.database();
    let id = "CVE-2024-51996";
    answers(
        &db,
        Ecosystem::Composer,
        "symfony/security-http",
        id,
        &[
            ("v5.2.9", NOT),
            ("5.3.0-BETA1", AFFECTED),
            ("5.3.0", AFFECTED),
            ("v5.4.46", AFFECTED),
            ("5.4.47", NOT),
            ("7.0.5", NOT),
            ("7.1.7", AFFECTED),
            ("7.1.8", NOT),
        ],
    );
    let found = ask(
        &db,
        Ecosystem::Composer,
        "symfony/security-http",
        "5.3.1",
        id,
    );
    assert_eq!(
        found.fix,
        FixState::Fixed(vec!["5.4.47".to_owned(), "7.1.8".to_owned()])
    );
    let id = "FOP-vendor-thing-2015-01-02";
    answers(
        &db,
        Ecosystem::Composer,
        "vendor/thing",
        id,
        &[
            ("dev-master", AFFECTED),
            ("1.2.3", AFFECTED),
            ("1.2.4", NOT),
            ("dev-other", UNKNOWN),
        ],
    );
    answers(
        &db,
        Ecosystem::Composer,
        "vendor/other",
        "CVE-2019-0001",
        &[("1.2", AFFECTED), ("2.2", UNKNOWN)],
    );
}

#[test]
fn what_is_no_list_ends_the_build_and_an_odd_record_does_not() {
    let lists = [
        ("rustsec", "crates/a/RUSTSEC-2021-0003.md", SMALLVEC),
        ("govulndb", "ID/GO-2021-0113.json", GO),
        ("pypa", "vulns/django/PYSEC-2009-3.yaml", PYSEC),
        (
            "rubysec",
            "gems/activerecord/CVE-2016-6317.yml",
            ACTIVERECORD,
        ),
        (
            "friendsofphp",
            "symfony/security-http/CVE-2024-51996.yaml",
            SYMFONY,
        ),
    ];
    let deep = format!("a: {}", "[".repeat(2_000_000));
    let mut aliases = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for n in 0..12 {
        let all = ["*a"; 8].join(",");
        writeln!(aliases, "b{n}: &b{n} [{all}]").expect("memory takes it");
    }
    for (feed, member, record) in lists {
        let packed = tarball(&[(member, record)]);
        for bytes in [
            &b""[..],
            b"<html>",
            &packed[..packed.len() / 2],
            &tarball(&[("README.md", "nothing")]),
            &zipped(&[]),
        ] {
            assert!(
                feeds::parse_bytes(feed, "", bytes).is_err(),
                "{feed}: {} bytes",
                bytes.len()
            );
        }
        let odd = [
            "",
            "\0",
            "[]",
            "{}",
            "```toml\n[advisory]\n```",
            &record[..12],
            &deep,
            &aliases,
        ];
        for text in odd {
            assert!(
                feeds::parse_bytes(feed, "x", text.as_bytes()).is_err(),
                "{feed}: {text:.20}"
            );
            let folder = member.rsplit_once('/').expect("a folder").0;
            let extension = member.rsplit_once('.').expect("an extension").1;
            let odd = format!("{folder}/odd.{extension}");
            let slice =
                Slice::new().document(feed, "", &tarball(&[(member, record), (&odd, text)]));
            assert_eq!(slice.problems.len(), 1, "{feed}: {text:.20}");
            assert!(slice.problems[0].0.ends_with(&odd), "{:?}", slice.problems);
        }
        assert!(feeds::parse_bytes(feed, "x", record.as_bytes()).is_ok_and(|all| all.len() == 1));
    }
}

/// A checkout of each repository in a folder.
#[test]
fn checkouts_are_read_where_they_lie() {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in [
        ("rustsec/crates/smallvec/RUSTSEC-2021-0003.md", SMALLVEC),
        ("rustsec/rust/cargo/CVE-2019-16760.md", CARGO),
        ("govulndb/data/osv/GO-2021-0113.json", GO),
        ("pypa/vulns/django/PYSEC-2009-3.yaml", PYSEC),
        ("rubysec/gems/activerecord/CVE-2016-6317.yml", ACTIVERECORD),
        ("rubysec/rubies/ruby/CVE-2022-28739.yml", RUBY),
        (
            "friendsofphp/symfony/security-http/CVE-2024-51996.yaml",
            SYMFONY,
        ),
    ] {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("it can be made");
        std::fs::write(file, text).expect("it can be written");
    }
    let out = folder.path().join("out.db");
    let report = crate::build(folder.path(), &out).expect("it can be built");
    assert_eq!(report.documents.len(), 7);
    assert_eq!(report.problems, []);
    let db = Database::open(&out).expect("it opens");
    answers(
        &db,
        Ecosystem::Gem,
        "activerecord",
        "CVE-2016-6317",
        &[("4.2.0", AFFECTED)],
    );
    assert_eq!(told(&db, Ecosystem::Composer)[0].0, Effect::Blind);
}
