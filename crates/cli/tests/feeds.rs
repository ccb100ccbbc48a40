//! What the database does not know makes answers unknown, ecosystem by ecosystem: a feed that is missing, one that is
//! there in part, and one that is old (traps T20, T22 and T40). What it does know is still told.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use plimsoll_testkit::image::{Image, oci, zip};
use plimsoll_testkit::program::{Program, Run};
use serde_json::{Value, json};

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary paths are text")
}

/// Name, version and repository of a package.
type Installed = (&'static str, &'static str, Option<&'static str>);

/// A program, and a folder of feeds that it builds databases from.
struct Bench {
    program: Program,
    mirror: PathBuf,
}

impl Bench {
    fn new() -> Self {
        let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
        let mirror = program.folder().join("mirror");
        Self { program, mirror }
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.mirror.join(name);
        fs::create_dir_all(path.parent().expect("a feed has a folder"))
            .expect("the folder can be made");
        fs::write(path, bytes).expect("the feed can be written");
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.mirror.join(name)).expect("it is there");
    }

    fn build(&self) -> PathBuf {
        let out = self.program.folder().join("own.db");
        self.build_as(&out).ends(0, &[]);
        out
    }

    fn build_as(&self, out: &Path) -> Run {
        let (from, to) = (text(&self.mirror), text(out));
        self.program
            .run(["db", "build", "--from", from, "--out", to])
    }

    fn assess(&self, db: &Path, purl: &str) -> Report {
        let list = self.program.file("packages.txt", format!("{purl}\n"));
        self.assess_target(db, &format!("purls:{}", text(&list)))
    }

    fn assess_target(&self, db: &Path, target: &str) -> Report {
        let args = [
            "assess",
            target,
            "-f",
            "json",
            "--offline",
            "--db",
            text(db),
        ];
        Report(self.program.run(args).json())
    }

    /// An archive of an image of Rocky Linux 9, of packages with the repository that dnf has noted.
    fn rocky(&self, packages: &[Installed]) -> String {
        let manifest: Vec<String> = packages
            .iter()
            .map(|(name, version, _)| {
                format!(
                    "{name}\t{version}\t1\t1\tRocky Enterprise Software Foundation\t(none)\t1\tx86_64\t0\t\
                     {name}-{version}.src.rpm\n"
                )
            })
            .collect();
        let nevras: Vec<String> = packages
            .iter()
            .filter_map(|(name, version, repository)| {
                let id = repository.as_ref()?;
                Some(format!(
                    "\"{name}-0:{version}.x86_64\" = {{from_repo = \"{id}\"}}\n"
                ))
            })
            .collect();
        let nevras = format!("[nevras]\n{}", nevras.concat());
        let manifest = manifest.concat();
        let layer = format!(
            "etc/os-release = {:?}\nusr/lib/sysimage/libdnf5/nevras.toml = {nevras:?}\n\
             var/lib/rpmmanifest/container-manifest-2 = {manifest:?}\n",
            "ID=rocky\nVERSION_ID=9.4\n"
        );
        let image = Image::new("registry.example/app:1.0.0").layer(layer.as_str());
        let file = self.program.file("image.tar", oci(&[image]).tar());
        text(&file).to_owned()
    }
}

struct Report(Value);

impl Report {
    /// The answer of the veto on severe flaws.
    fn veto(&self) -> &str {
        let vetoes = self.0["verdict"]["vetoes"].as_array().expect("a list");
        let veto = vetoes.iter().find(|veto| veto["id"] == "severe-flaw");
        veto.and_then(|veto| veto["answer"].as_str())
            .expect("the veto is answered")
    }

    /// Subjects and reasons of what blinds matching.
    fn blind(&self) -> Vec<String> {
        let problems = self.0["problems"].as_array().expect("a list").iter();
        problems
            .filter(|problem| problem["stage"] == "match" && problem["effect"] == "blind")
            .map(|problem| format!("{}: {}", problem["subject"], problem["reason"]))
            .collect()
    }

    /// Notes of matching about a subject.
    fn notes(&self, subject: &str) -> Vec<&str> {
        let problems = self.0["problems"].as_array().expect("a list").iter();
        problems
            .filter(|problem| problem["effect"] == "note" && problem["subject"] == subject)
            .map(|problem| problem["reason"].as_str().expect("a reason is a text"))
            .collect()
    }

    fn flaws(&self) -> Vec<&str> {
        let findings = self.0["findings"].as_array().expect("a list").iter();
        findings
            .filter(|finding| finding["class"] == "vulnerability")
            .map(|finding| finding["rule"].as_str().expect("a rule is a text"))
            .collect()
    }
}

/// The day of the test, as records write it: what is tested is not how old they are.
fn today() -> String {
    let now = jiff::Timestamp::now();
    now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn osv(ecosystem: &str, modified: &str) -> Vec<u8> {
    let record = json!({
        "id": "GHSA-aaaa-bbbb-cccc", "modified": modified, "summary": "A flaw", "aliases": ["CVE-2098-0001"],
        "affected": [{
            "package": {"ecosystem": ecosystem, "name": "example.org/flawed"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0.0"}]}],
        }],
    });
    zip(&[(
        "GHSA-aaaa-bbbb-cccc.json".to_owned(),
        record.to_string().into_bytes(),
    )])
}

fn secdb() -> String {
    let packages = json!([{"pkg": {"name": "other", "secfixes": {"2-r0": ["CVE-2098-0002"]}}}]);
    json!({"distroversion": "v3.20", "reponame": "main", "packages": packages}).to_string()
}

fn tracker() -> String {
    let entry = json!({"status": "resolved", "fixed_version": "2", "urgency": "not yet assigned"});
    json!({"other": {"CVE-2098-0003": {"releases": {"bookworm": entry}}}}).to_string()
}

const ALPINE: &str = "pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=alpine-3.20.3&upstream=musl";
const DEBIAN: &str = "pkg:deb/debian/curl@7.88.1-10?arch=amd64&distro=debian-12&upstream=curl";
const NPM: &str = "pkg:npm/left-pad@1.0.0";
const PYPI: &str = "pkg:pypi/left-pad@1.0.0";
const GO: &str = "pkg:golang/example.org/pad@v1.0.0";

/// One package of each ecosystem that a feed could judge, and a database with none of these feeds.
#[test]
fn a_missing_feed_leaves_its_packages_unknown() {
    let bench = Bench::new();
    bench.write("osv/npm/all.zip", osv("npm", &today()));
    let db = bench.build();
    let known = bench.assess(&db, NPM);
    assert_eq!((known.veto(), known.blind()), ("pass", Vec::new()));
    let rpm = |system: &str, distro: &str| {
        format!("pkg:rpm/{system}/curl@8.0-1?arch=x86_64&distro={distro}")
    };
    let rpms = [
        ("redhat", "rhel-9.4"),
        ("almalinux", "almalinux-9.4"),
        ("rocky", "rocky-9.4"),
        ("ol", "ol-9.4"),
        ("amzn", "amzn-2023"),
        ("fedora", "fedora-41"),
        ("sles", "sles-15.6"),
        ("opensuse", "opensuse-leap-15.6"),
        ("photon", "photon-5.0"),
        ("azurelinux", "azurelinux-3.0"),
        ("openeuler", "openEuler-24.03"),
    ];
    let rpms = rpms.map(|(system, distro)| rpm(system, distro));
    let others = [
        ALPINE,
        "pkg:apk/wolfi/musl@1.2.5-r0?arch=x86_64&distro=wolfi-20230201&upstream=musl",
        DEBIAN,
        "pkg:deb/ubuntu/curl@8.5.0-2?arch=amd64&distro=ubuntu-24.04&upstream=curl",
        "pkg:alpm/arch/curl@8.5.0-1?arch=x86_64",
        PYPI,
        GO,
        "pkg:maven/org.example/pad@1.0.0",
        "pkg:gem/pad@1.0.0",
        "pkg:cargo/pad@1.0.0",
        "pkg:composer/example/pad@1.0.0",
        "pkg:nuget/Pad@1.0.0",
        "pkg:hex/pad@1.0.0",
        "pkg:pub/pad@1.0.0",
        "pkg:cran/pad@1.0.0",
        "pkg:hackage/pad@1.0.0",
        "pkg:swift/github.com/example/pad@1.0.0",
    ];
    for purl in others
        .iter()
        .copied()
        .chain(rpms.iter().map(String::as_str))
    {
        let report = bench.assess(&db, purl);
        assert_eq!(report.veto(), "unknown", "{purl}");
        assert_eq!(report.blind().len(), 1, "{purl}: {:?}", report.blind());
    }
}

/// Each feed is made old while the others are new: only packages that are looked up in it become unknown, and what
/// the old feed knows is still told.
#[test]
fn a_stale_feed_leaves_its_packages_unknown() {
    let bench = Bench::new();
    for ecosystem in ["npm", "PyPI", "Go"] {
        bench.write(
            &format!("osv/{ecosystem}/all.zip"),
            osv(ecosystem, &today()),
        );
    }
    for repository in ["main", "community"] {
        bench.write(&format!("alpine-secdb/v3.20/{repository}.json"), secdb());
    }
    bench.write("debian/tracker.json", tracker());
    let parts = [
        ("alpine-secdb/v3.20", "Alpine:v3.20", ALPINE),
        ("debian", "Debian:12", DEBIAN),
        ("osv/npm", "npm", NPM),
        ("osv/PyPI", "PyPI", PYPI),
        ("osv/Go", "Go", GO),
    ];
    for (stale, subject, _) in parts {
        let dates: BTreeMap<&str, String> = parts
            .iter()
            .map(|(part, ..)| {
                let is_stale = *part == stale;
                (
                    *part,
                    if is_stale {
                        "2020-02-02T00:00:00Z".to_owned()
                    } else {
                        today()
                    },
                )
            })
            .collect();
        bench.write("checked.json", json!(dates).to_string());
        let db = bench.build();
        for (part, _, purl) in parts {
            let report = bench.assess(&db, purl);
            if part == stale {
                assert_eq!(report.veto(), "unknown", "{part}");
                let told = report.blind();
                let words =
                    format!("\"advisories for {subject}\": \"their publisher was last asked ");
                assert!(
                    matches!(told.as_slice(), [one] if one.starts_with(&words)),
                    "{told:?}"
                );
            } else {
                let told = (report.veto(), report.blind());
                assert_eq!(told, ("pass", Vec::new()), "{part} beside {stale}");
            }
        }
    }
    let db = bench.build();
    let flawed = bench.assess(&db, "pkg:golang/example.org/flawed@v1.0.0");
    assert_eq!(flawed.flaws(), ["CVE-2098-0001"]);
}

/// A database of which all records are old has expired; an image without packages loses nothing by it.
#[test]
fn an_expired_database_leaves_all_unknown() {
    let bench = Bench::new();
    bench.write("osv/npm/all.zip", osv("npm", "2020-02-02T00:00:00Z"));
    let db = bench.build();
    let report = bench.assess(&db, NPM);
    assert_eq!(report.veto(), "unknown");
    let told = report.blind();
    assert!(
        matches!(told.as_slice(), [one] if one.contains("the database has expired")),
        "{told:?}"
    );
    let flawed = bench.assess(&db, "pkg:npm/example.org%2Fflawed@1.0.0");
    assert_eq!(flawed.flaws(), ["CVE-2098-0001"]);
    // Nobody publishes advisories for it, so that none is missing.
    let other = bench.assess(&db, "pkg:github/actions/checkout@main");
    assert_eq!(other.blind(), Vec::<String>::new());
}

/// A record of a time to come tells of a clock that is wrong, here or there: then nobody knows how old the rest is.
#[test]
fn a_clock_that_is_wrong_is_told() {
    let bench = Bench::new();
    bench.write("osv/npm/all.zip", osv("npm", "2098-02-02T00:00:00Z"));
    let db = bench.build();
    let report = bench.assess(&db, NPM);
    let problems = report.0["problems"].as_array().expect("a list").iter();
    let told: Vec<&Value> = problems
        .filter(|one| one["reason"] == "the newest record has a date in the future")
        .collect();
    assert!(
        matches!(told.as_slice(), [one] if one["effect"] == "gap"),
        "{told:?}"
    );
}

/// A record with a million ranges is told and left undetermined, and costs the others nothing.
#[test]
fn a_record_with_a_million_ranges_is_told() {
    let bench = Bench::new();
    let range = "{\"type\":\"ECOSYSTEM\",\"events\":[{\"introduced\":\"1.0.0\"}]},";
    let ranges = range.repeat(1_000_000);
    let huge = format!(
        "{{\"id\":\"GHSA-huge-huge-huge\",\"modified\":\"{}\",\"affected\":[{{\"package\":\
         {{\"ecosystem\":\"npm\",\"name\":\"huge\"}},\"ranges\":[{}]}}]}}",
        today(),
        ranges.trim_end_matches(',')
    );
    let small = json!({
        "id": "GHSA-aaaa-bbbb-cccc", "modified": today(), "affected": [{
            "package": {"ecosystem": "npm", "name": "small"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}],
        }],
    });
    let archive = zip(&[
        ("GHSA-huge-huge-huge.json".to_owned(), huge.into_bytes()),
        (
            "GHSA-aaaa-bbbb-cccc.json".to_owned(),
            small.to_string().into_bytes(),
        ),
    ]);
    bench.write("osv/npm/all.zip", archive);
    let db = bench.build();
    assert_eq!(
        bench.assess(&db, "pkg:npm/small@1.0.0").flaws(),
        ["GHSA-aaaa-bbbb-cccc"]
    );
    let report = bench.assess(&db, "pkg:npm/huge@0.5.0");
    assert_eq!(report.flaws(), ["GHSA-huge-huge-huge"]);
    let findings = report.0["findings"].as_array().expect("a list");
    let finding = findings
        .iter()
        .find(|one| one["rule"] == "GHSA-huge-huge-huge");
    let found = &finding.expect("it is there")["vulnerability"];
    assert_eq!(found["applies"], "unknown");
    assert_eq!(
        found["reason"]["unknown"],
        "the record lists too many versions"
    );
}

/// A document that is cut, or is none, is named, and the database of before stays.
#[test]
fn a_document_that_cannot_be_read_leaves_the_old_database() {
    let bench = Bench::new();
    let (npm, kev) = (
        "osv/npm/all.zip",
        "kev/known_exploited_vulnerabilities.json",
    );
    let good = osv("npm", &today());
    let real = plimsoll_testkit::shared().join("feeds");
    let catalogue = fs::read(real.join(kev)).expect("the feed can be read");
    let archive = fs::read(real.join("osv/RubyGems/all.zip")).expect("the feed can be read");
    bench.write(npm, &good);
    bench.write(kev, &catalogue);
    let out = bench.build();
    let first = fs::read(&out).expect("it was built");
    let mut turned = archive.clone();
    turned[archive.len() / 2] ^= 0xff;
    for (name, bytes) in [
        (npm, &good[..good.len() - 1]),
        (npm, &archive[..archive.len() / 2]),
        (npm, &turned),
        (npm, b""),
        (npm, b"<html>"),
        (kev, &catalogue[..catalogue.len() / 2]),
        (kev, b"{\"vulnerabilities\": 3}"),
        (kev, b"[]"),
        (kev, b"<html>"),
        (kev, b""),
    ] {
        bench.write(name, bytes);
        let run = bench.build_as(&out);
        run.ends(4, &[name]);
        assert_eq!(fs::read(&out).expect("it is there"), first, "{run:?}");
        bench.write(npm, &good);
        bench.write(kev, &catalogue);
    }
    bench.build();
    assert_eq!(fs::read(&out).expect("it is there"), first);
}

/// A record that cannot be read is named, counted, and costs the others nothing.
#[test]
fn a_record_that_cannot_be_read_is_told() {
    let bench = Bench::new();
    let small = json!({
        "id": "GHSA-aaaa-bbbb-cccc", "modified": today(), "affected": [{
            "package": {"ecosystem": "npm", "name": "small"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}],
        }],
    });
    let members: Vec<(String, Vec<u8>)> = [
        ("GHSA-aaaa-bbbb-cccc.json", small.to_string().as_bytes()),
        ("GHSA-half-half-half.json", b"{\"id\": \"GHSA-half"),
        ("GHSA-list-list-list.json", b"[1, 2]"),
        ("GHSA-byte-byte-byte.json", b"\xff\xfe"),
    ]
    .map(|(name, bytes)| (name.to_owned(), bytes.to_vec()))
    .into();
    bench.write("osv/npm/all.zip", zip(&members));
    let out = bench.program.folder().join("own.db");
    let run = bench.build_as(&out);
    let names = ["half", "list", "byte"];
    let told = names.map(|name| format!("osv/npm/all.zip: GHSA-{name}-{name}-{name}.json: "));
    run.ends(0, &told.each_ref().map(String::as_str));
    let status = bench.program.run(["db", "status", "--db", text(&out)]);
    assert!(
        status.text().contains(", 3 left out or taken in part"),
        "{status:?}"
    );
    assert_eq!(
        bench.assess(&out, "pkg:npm/small@1.0.0").flaws(),
        ["GHSA-aaaa-bbbb-cccc"]
    );
}

/// Parts of what a publisher has: one repository of two, one architecture of two, one list of several, single
/// documents, fixes without the flaws that have none.
#[test]
fn a_feed_that_is_there_in_part_leaves_its_packages_unknown() {
    let bench = Bench::new();
    // So that the database has not expired.
    bench.write("osv/npm/all.zip", osv("npm", &today()));
    for repository in ["main", "community"] {
        bench.write(&format!("alpine-secdb/v3.20/{repository}.json"), secdb());
    }
    assert_eq!(bench.assess(&bench.build(), ALPINE).veto(), "pass");
    let errata = |name: &str| {
        let xml = format!(
            "<updates><update type=\"security\"><id>{name}</id><issued date=\"2024-01-01\"/>\
             <references><reference type=\"cve\" id=\"CVE-2098-0004\"/></references><pkglist><collection>\
             <package name=\"other\" version=\"1\" release=\"1\" epoch=\"0\" arch=\"x86_64\"/>\
             </collection></pkglist></update></updates>"
        );
        let repomd = "<repomd><data type=\"updateinfo\"><location href=\"repodata/updateinfo.xml\"/></data></repomd>";
        for (file, bytes) in [("repomd.xml", repomd), ("updateinfo.xml", &xml)] {
            bench.write(&format!("amazon/2023-core-{name}/repodata/{file}"), bytes);
        }
    };
    errata("x86_64");
    let list = "---\ngem: other\ncve: 2098-0005\nurl: https://example.org/\ntitle: A flaw\ndate: 2024-01-01\n\
                description: A flaw\npatched_versions:\n  - \">= 2.0\"\n";
    let member = "ruby-advisory-db-master/gems/other/CVE-2098-0005.yml";
    let archive = zip(&[(member.to_owned(), list.as_bytes().to_vec())]);
    bench.write("rubysec/master.zip", archive);
    let changelogs = json!({
        "format": "plimsoll-changelogs-1", "ecosystem": "Debian:12", "newest": today(), "complete": false,
        "missing": ["curl"],
        "sources": {"other": {"version": "2", "fixed": {"CVE-2098-0006": "2"}, "reverted": []}},
    });
    bench.write("changelog/bookworm.json", changelogs.to_string());
    bench.remove("alpine-secdb/v3.20/community.json");
    let db = bench.build();
    let amazon = "pkg:rpm/amzn/curl@8.0-1.amzn2023?arch=aarch64&distro=amzn-2023";
    for (purl, words) in [
        (ALPINE, "were given as single documents"),
        (amazon, "were given as single documents"),
        ("pkg:gem/pad@1.0.0", "only one list of its flaws is known"),
        (DEBIAN, "changelogs of some of its packages"),
    ] {
        let report = bench.assess(&db, purl);
        assert_eq!(report.veto(), "unknown", "{purl}");
        let told = report.blind();
        assert!(
            matches!(told.as_slice(), [one] if one.contains(words)),
            "{purl}: {told:?}"
        );
    }
    // The other half of Alpine's and of Amazon's.
    bench.write("alpine-secdb/v3.20/community.json", secdb());
    errata("aarch64");
    let db = bench.build();
    for purl in [ALPINE, amazon] {
        let report = bench.assess(&db, purl);
        assert_eq!(
            (report.veto(), report.blind()),
            ("pass", Vec::new()),
            "{purl}"
        );
    }
    bench.remove("alpine-secdb/v3.20/main.json");
    assert_eq!(bench.assess(&bench.build(), ALPINE).veto(), "unknown");
}

/// Errata of an RPM repository that repair a flaw of each of these packages.
fn errata(repaired: &[(&str, &str, &str)]) -> String {
    let updates: Vec<String> = repaired
        .iter()
        .map(|(flaw, name, version)| {
            format!(
                "<update type=\"security\"><id>RLSA-{flaw}</id><severity>Important</severity>\
                 <issued date=\"{}\"/><references><reference type=\"cve\" id=\"{flaw}\"/></references>\
                 <pkglist><collection><package name=\"{name}\" version=\"{version}\" release=\"9.el9\" epoch=\"0\" \
                 arch=\"x86_64\"/></collection></pkglist></update>",
                today()
            )
        })
        .collect();
    format!("<updates>{}</updates>", updates.concat())
}

const REPAIRED_BASH: (&str, &str, &str) = ("CVE-2098-0007", "bash", "5.1.8");
const REPAIRED_LIBS: (&str, &str, &str) = ("CVE-2098-0008", "openssl-libs", "3.0.7");

const BASH: Installed = ("bash", "5.1.8-9.el9", Some("BaseOS"));
const LIBS: Installed = ("openssl-libs", "3.0.7-9.el9", Some("anaconda"));
const HTTPD: Installed = ("httpd", "2.4.57-1.el9", Some("appstream"));
const ZLIB: Installed = ("zlib", "1.2.11-1.el9", None);

/// A mirror of one RPM repository tells nothing of what came from another: that would be "not affected" for packages
/// of which nobody has read an erratum.
#[test]
fn a_mirror_of_one_repository_says_nothing_of_the_others() {
    let bench = Bench::new();
    bench.write(
        "updateinfo/rocky-9-baseos/updateinfo.xml",
        errata(&[REPAIRED_BASH, REPAIRED_LIBS]),
    );
    let db = bench.build();
    let of = |packages: &[Installed]| bench.assess_target(&db, &bench.rocky(packages));
    // Those of the repository, by its id and by an erratum that names them.
    let known = of(&[BASH, LIBS, ("filesystem", "3.16-2.el9", Some("baseos"))]);
    assert_eq!((known.veto(), known.blind()), ("pass", Vec::new()));
    let old = of(&[("bash", "5.1.8-6.el9", Some("baseos")), HTTPD]);
    assert_eq!(old.flaws(), ["CVE-2098-0007"]);
    let report = of(&[BASH, LIBS, HTTPD, ZLIB]);
    assert_eq!(report.veto(), "unknown");
    assert_eq!(
        report.blind(),
        [
            "\"Rocky Linux:9\": \"of its repositories only the errata of `baseos` are known; packages that came from others \
          cannot be judged: `zlib` of a repository that nothing tells; `httpd` of `appstream`\""
        ]
    );
    let image = bench.rocky(&[BASH, LIBS, HTTPD, ZLIB]);
    let explain = |package: &str| {
        let args = ["explain", &image, package, "--offline", "--db", text(&db)];
        let told = bench.program.run(args);
        told.text().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let why = explain("httpd");
    let words = "it came from the repository `appstream`, and of Rocky Linux:9 only the errata of `baseos` are known";
    assert!(why.contains(words), "{why}");
    let why = explain("zlib");
    let words = "nothing tells from which repository it came, no erratum names it";
    assert!(why.contains(words), "{why}");
    let search = bench
        .program
        .run(["db", "search", "bash", "--db", text(&db)]);
    assert!(search.text().contains("CVE-2098-0007"), "{search:?}");
}

/// Several repositories, and what a mirror says of them all.
#[test]
fn a_mirror_of_all_repositories_says_so() {
    let bench = Bench::new();
    bench.write(
        "updateinfo/rocky-9-baseos/updateinfo.xml",
        errata(&[REPAIRED_BASH, REPAIRED_LIBS]),
    );
    let of = |db: &Path, packages: &[Installed]| bench.assess_target(db, &bench.rocky(packages));
    // Of what came from nobody knows where, nothing is known.
    let repaired = [("CVE-2098-0009", "httpd", "2.4.57")];
    bench.write(
        "updateinfo/rocky-9-appstream/updateinfo.xml",
        errata(&repaired),
    );
    let db = bench.build();
    let report = of(&db, &[BASH, LIBS, HTTPD]);
    assert_eq!(
        (report.flaws(), report.blind()),
        (vec!["CVE-2098-0009"], Vec::new())
    );
    let blind = of(&db, &[BASH, LIBS, HTTPD, ZLIB]).blind();
    assert!(
        matches!(blind.as_slice(), [one] if one.ends_with(": `zlib` of a repository that nothing tells\"")),
        "{blind:?}"
    );

    // The mirror says that these are all; a release that it does not name gains nothing by it.
    bench.write("updateinfo/rocky-9.whole", "");
    let report = of(&bench.build(), &[BASH, LIBS, ZLIB]);
    assert_eq!((report.veto(), report.blind()), ("pass", Vec::new()));
    let notes = report.notes("Rocky Linux:9");
    let words = "as the mirror says: appstream, baseos";
    assert!(notes.iter().any(|note| note.ends_with(words)), "{notes:?}");
    bench.remove("updateinfo/rocky-9.whole");
    bench.write("updateinfo/rocky-8.whole", "");
    let db = bench.build();
    assert_eq!(of(&db, &[ZLIB]).veto(), "unknown");
    let rocky_8 = "pkg:rpm/rocky/zlib@1.2.11-1.el8?arch=x86_64&distro=rocky-8.9";
    assert_eq!(bench.assess(&db, rocky_8).veto(), "unknown");

    // A folder that bears the name of the release alone is a mirror of all of it.
    bench.write(
        "updateinfo/rocky-8/updateinfo.xml",
        errata(&[REPAIRED_BASH]),
    );
    let report = bench.assess(&bench.build(), rocky_8);
    assert_eq!((report.veto(), report.blind()), ("pass", Vec::new()));
    bench.write("updateinfo/rocky-8-baseos.whole", "");
    let out = bench.program.folder().join("other.db");
    let run = bench.build_as(&out);
    let words = [
        "updateinfo/rocky-8-baseos.whole",
        "`baseos` is one of its repositories",
    ];
    run.ends(4, &words);
}
