//! `plimsoll db pull` through the program, with everything about a release wrong that can be: the database in use stays
//! as it is, and the error names what was refused.

use std::fs;
use std::path::Path;

use plimsoll_assess::trust::dsse;
use plimsoll_assess::trust::key::SecretKey;
use plimsoll_model::Digest;
use plimsoll_testkit::program::Program;
use plimsoll_testkit::registry::{Access, Fault, Registry, Reply};
use plimsoll_testkit::{shared, workspace};
use serde_json::{Value, json};

const KIND: &str = "application/vnd.plimsoll.database.v1";
const FILE: &str = "application/vnd.plimsoll.database.v1.file";
const RELEASE: &str = "application/vnd.plimsoll.database.release.v1+json";
const ENVELOPE: &str = "application/vnd.dsse.envelope.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of the test is UTF-8")
}

struct Bench {
    registry: Registry,
    reader: Program,
    /// Two databases with their snapshots.
    databases: [(Vec<u8>, String); 2],
}

impl Bench {
    fn new() -> Self {
        let reader = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
        let database = |file: &str| {
            let mirror = reader.folder().join("mirror");
            let to = mirror.join(file);
            fs::create_dir_all(to.parent().expect("a folder")).expect("a folder can be made");
            fs::copy(shared().join("feeds").join(file), to).expect("a feed can be copied");
            let out = reader.folder().join("own.db");
            let words = ["db", "build", "--from", text(&mirror), "--out", text(&out)];
            reader.run(words).ends(0, &[]);
            let status = reader.run(["db", "status", "-f", "json", "--db", text(&out)]);
            let id = status.json()["snapshot"]["id"].clone();
            let id = id.as_str().expect("an id").to_owned();
            (fs::read(&out).expect("it was built"), id)
        };
        let databases = [
            database("kev/known_exploited_vulnerabilities.json"),
            database("debian/DLA.list"),
        ];
        Self {
            registry: Registry::start(Access::Open),
            reader,
            databases,
        }
    }

    /// A release of a database that is good for now.
    fn release(&self, which: usize, counter: u64) -> Value {
        let (bytes, snapshot) = &self.databases[which];
        let now = jiff::Timestamp::now();
        json!({
            "file": Digest::of(bytes).to_string(),
            "size": bytes.len(),
            "snapshot": snapshot,
            "counter": counter,
            "published": now,
            "expires": now + jiff::SignedDuration::from_hours(24),
        })
    }

    /// Publishes a database with a release that somebody signed.
    fn publish(&mut self, tag: &str, which: usize, release: &Value, key: &str) {
        let pem = workspace().join(format!("crates/trust/fixtures/{key}.pem"));
        let key = SecretKey::from_pem(&fs::read(pem).expect("a key")).expect("it is a key");
        let envelope = dsse::sign(RELEASE, release.to_string().as_bytes(), &key);
        self.publish_parts(tag, which, &envelope.expect("it can sign"));
    }

    fn publish_parts(&mut self, tag: &str, which: usize, envelope: &[u8]) {
        let file = self.databases[which].0.clone();
        let mut part = |media_type: &str, bytes: &[u8]| {
            let digest = self.registry.put_blob(bytes).to_string();
            json!({"mediaType": media_type, "digest": digest, "size": bytes.len()})
        };
        let config = part("application/vnd.oci.empty.v1+json", b"{}");
        let layers = [part(FILE, &file), part(ENVELOPE, envelope)];
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": KIND, "config": config, "layers": layers,
        });
        let bytes = manifest.to_string();
        self.registry
            .put_manifest("team/db", tag, MANIFEST, bytes.as_bytes());
    }

    fn pull(&self, tag: &str) -> plimsoll_testkit::program::Run {
        let name = format!("{}/team/db:{tag}", self.registry.host());
        let key = workspace().join("crates/trust/fixtures/p256.pub");
        let words = ["db", "pull", &name, "--key", text(&key)];
        self.reader.run(words)
    }

    fn installed(&self) -> Vec<u8> {
        let file = self.reader.cache().join("db/advisories.db");
        fs::read(file).expect("there is a database")
    }

    /// The database in use is the first, and works; nothing half is beside it.
    #[track_caller]
    fn stays(&self, why: &str) {
        assert_eq!(self.installed(), self.databases[0].0, "{why}");
        self.reader.run(["db", "status"]).ends(0, &[]);
        let left: Vec<_> = fs::read_dir(self.reader.cache().join("db"))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name())
            .filter(|name| name.to_string_lossy().starts_with(".tmp"))
            .collect();
        assert!(left.is_empty(), "{why}: {left:?}");
    }
}

/// A release with one field that says something else.
fn with(release: &Value, field: &str, value: Value) -> Value {
    let mut other = release.clone();
    other[field] = value;
    other
}

#[test]
fn a_release_that_is_wrong_in_one_thing_is_refused() {
    let mut bench = Bench::new();
    let first = bench.release(0, 7);
    bench.publish("latest", 0, &first, "p256");
    bench.pull("latest").ends(0, &["pulled sha256:"]);
    bench.stays("it was taken");
    let good = bench.release(1, 8);
    let other = Digest::of(b"other").to_string();
    for (tag, release, key, words) in [
        ("signer", good.clone(), "ed25519", "trusted key"),
        (
            "expired",
            with(&good, "expires", json!("2020-01-01T00:00:00Z")),
            "p256",
            "it expired at 2020-01-01T00:00:00Z",
        ),
        (
            "early",
            with(&good, "published", json!("2999-01-01T00:00:00Z")),
            "p256",
            "still to come",
        ),
        (
            "older",
            bench.release(1, 6),
            "p256",
            "its counter is 6, and a release with 7 was taken before",
        ),
        ("same", bench.release(1, 7), "p256", "rolling it back"),
        (
            "digest",
            with(&good, "file", json!(other)),
            "p256",
            "about another file",
        ),
        (
            "size",
            with(&good, "size", json!(1)),
            "p256",
            "about another file",
        ),
        (
            "snapshot",
            with(&good, "snapshot", json!(other)),
            "p256",
            "it promises the snapshot",
        ),
        (
            "counter",
            with(&good, "counter", json!("eight")),
            "p256",
            "what is signed cannot be read",
        ),
    ] {
        bench.publish(tag, 1, &release, key);
        let run = bench.pull(tag);
        run.ends(4, &["team/db", words]);
        bench.stays(tag);
    }
    for (tag, envelope) in [
        ("empty", &b""[..]),
        (
            "unsigned",
            b"{\"payload\":\"\",\"payloadType\":\"\",\"signatures\":[]}",
        ),
        ("rubbish", b"\xff\xfe"),
    ] {
        bench.publish_parts(tag, 1, envelope);
        bench.pull(tag).ends(4, &["team/db"]);
        bench.stays(tag);
    }
    // What was refused left no mark: the next good one is taken.
    bench.publish("latest", 1, &good, "p256");
    bench.pull("latest").ends(0, &["counter 8"]);
    assert_eq!(bench.installed(), bench.databases[1].0);
}

#[test]
fn a_blob_that_is_not_what_was_promised_is_refused() {
    let mut bench = Bench::new();
    let first = bench.release(0, 7);
    bench.publish("latest", 0, &first, "p256");
    bench.pull("latest").ends(0, &[]);
    let good = bench.release(1, 8);
    bench.publish("latest", 1, &good, "p256");
    let bytes = bench.databases[1].0.clone();
    let mut turned = bytes.clone();
    turned[bytes.len() / 2] ^= 1;
    let digest = Digest::of(&bytes).to_string();
    // More often than the program tries again.
    let often = 20;
    for (why, fault) in [
        ("another byte", Fault::Body(turned)),
        ("a part", Fault::Body(bytes[..bytes.len() / 2].to_vec())),
        ("more", Fault::Body([&bytes[..], b"x"].concat())),
        // What is cut is asked for again from there on, some times.
        ("cut", Fault::Cut(1)),
        ("gone", Fault::Reply(Reply::new(404))),
    ] {
        let mut bench_of = Registry::start(Access::Open);
        std::mem::swap(&mut bench.registry, &mut bench_of);
        bench.publish("latest", 1, &good, "p256");
        bench.registry.spoil(&digest, often, fault);
        let run = bench.pull("latest");
        assert_eq!(run.code, 4, "{why}: {run:?}");
        run.ends(4, &[&digest]);
        bench.stays(why);
    }
}

/// The database comes in a file beside the old one, which takes its place when it is whole.
#[test]
fn a_full_disk_leaves_the_old_database_where_it_is_pulled() {
    let mut bench = Bench::new();
    let first = bench.release(0, 7);
    bench.publish("latest", 0, &first, "p256");
    bench.pull("latest").ends(0, &[]);
    let second = bench.release(1, 8);
    bench.publish("latest", 1, &second, "p256");
    let name = format!("{}/team/db:latest", bench.registry.host());
    let key = workspace().join("crates/trust/fixtures/p256.pub");
    let words = ["db", "pull", &name, "--key", text(&key)];
    let folder = bench.reader.cache().join("db");
    let mut ends = Vec::new();
    for free in [0, 4, 16, 64, 65536] {
        let run = bench.reader.run_on_small_disk(&folder, free, words);
        ends.push(run.code);
        if run.code == 0 {
            assert_eq!(bench.installed(), bench.databases[1].0);
            break;
        }
        run.ends(4, &["No space left on device"]);
        bench.stays(&format!("{free} KiB"));
    }
    assert!(ends.len() > 2 && ends.last() == Some(&0), "{ends:?}");
}
