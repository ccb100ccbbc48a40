//! `plimsoll db update` against a server of the test that publishes real feeds: what is fetched, what is not
//! fetched again, and that whatever goes wrong leaves the old database in place.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use plimsoll_model::Digest;
use plimsoll_testkit::flawed;
use plimsoll_testkit::image::oci;
use plimsoll_testkit::program::{Program, Run};
use plimsoll_testkit::registry::{Reply, Seen, Server};
use plimsoll_testkit::shared;

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of the test is UTF-8")
}

/// What the server does with everything, whoever asks.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Well,
    Failing,
    Garbage,
    Cut,
    /// The catalogue of exploited flaws has lost most of its records.
    Shrunk,
    /// Whoever asks for that catalogue waits until the mood is another.
    Silent,
}

struct Upstream {
    server: Server,
    mood: Arc<Mutex<Mood>>,
    seen: Arc<Mutex<Vec<(String, u16)>>>,
    /// Whether somebody waits.
    waits: Arc<AtomicBool>,
}

impl Upstream {
    /// Publishes the Debian tracker, support dates and the known exploited vulnerabilities, with validators.
    fn start() -> Self {
        let mood = Arc::new(Mutex::new(Mood::Well));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let waits = Arc::new(AtomicBool::new(false));
        let (own_mood, own_seen) = (Arc::clone(&mood), Arc::clone(&seen));
        let own_waits = Arc::clone(&waits);
        let server = Server::start(move |request| {
            let mood = || *own_mood.lock().expect("no other thread panicked");
            while mood() == Mood::Silent && request.path.starts_with("/kev/") {
                own_waits.store(true, Ordering::Release);
                std::thread::yield_now();
            }
            let (status, reply) = answer(request, mood());
            own_seen
                .lock()
                .expect("no other thread panicked")
                .push((request.path.clone(), status));
            reply
        });
        Self {
            server,
            mood,
            seen,
            waits,
        }
    }

    fn set(&self, mood: Mood) {
        *self.mood.lock().expect("no other thread panicked") = mood;
    }

    fn seen(&self) -> Vec<(String, u16)> {
        std::mem::take(&mut *self.seen.lock().expect("no other thread panicked"))
    }

    fn update(&self, program: &Program) -> Run {
        self.update_with(program, &[])
    }

    fn update_with(&self, program: &Program, more: &[&str]) -> Run {
        let more = more.iter().map(|&arg| arg.to_owned());
        program.run(self.words().into_iter().chain(more))
    }

    /// The words of an update from here.
    fn words(&self) -> Vec<String> {
        let host = self.server.host();
        let feeds = [
            "alpine-secdb",
            "cve",
            "debian",
            "debian-advisories",
            "endoflife",
            "epss",
            "kev",
            "nvd",
            "osv",
            "ubuntu",
            "wolfi",
        ];
        let bases = feeds.map(|feed| format!("--feed-url=feeds.{feed}=http://{host}/{feed}"));
        let args = ["db", "update", "--ecosystem", "Debian"].map(str::to_owned);
        args.into_iter().chain(bases).collect()
    }
}

fn answer(request: &Seen, mood: Mood) -> (u16, Reply) {
    let file = match request.path.as_str() {
        "/debian-advisories/DLA/list" => "debian/DLA.list",
        "/debian-advisories/DSA/list" => "debian/DSA.list",
        "/debian/data/json" => "samples/debian/tracker-excerpt.json",
        "/kev/known_exploited_vulnerabilities.json" => "kev/known_exploited_vulnerabilities.json",
        "/epss/epss_scores-current.csv.gz" => "samples/epss/claircore-data.csv",
        "/endoflife/products/full" => "endoflife/products-full.json",
        _ => return (404, Reply::new(404)),
    };
    match mood {
        Mood::Failing => return (403, Reply::new(403)),
        Mood::Garbage => return (200, Reply::new(200).body(b"<html>".to_vec())),
        Mood::Shrunk if file.starts_with("kev/") => {
            return (200, Reply::new(200).body(small_kev()));
        }
        Mood::Well | Mood::Cut | Mood::Shrunk | Mood::Silent => {}
    }
    if mood == Mood::Well && request.header("if-none-match") == Some("\"one\"") {
        return (304, Reply::new(304).header("etag", "\"one\""));
    }
    let body = fs::read(shared().join("feeds").join(file)).expect("the feed can be read");
    let half = body.len() / 2;
    let reply = Reply::new(200)
        .header("etag", "\"one\"")
        .header("last-modified", "Sat, 01 Nov 2025 10:00:00 GMT")
        .body(body);
    match mood {
        Mood::Cut => (200, reply.header("accept-ranges", "none").cut(half)),
        _ => (200, reply),
    }
}

#[test]
fn what_has_not_changed_is_not_fetched_again() {
    let upstream = Upstream::start();
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let run = upstream.update(&program);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(
        upstream.seen(),
        [
            ("/debian-advisories/DLA/list".to_owned(), 200),
            ("/debian-advisories/DSA/list".to_owned(), 200),
            ("/debian/data/json".to_owned(), 200),
            ("/endoflife/products/full".to_owned(), 200),
            ("/epss/epss_scores-current.csv.gz".to_owned(), 200),
            ("/kev/known_exploited_vulnerabilities.json".to_owned(), 200)
        ]
    );
    let database = program.cache().join("db/advisories.db");
    let first = fs::read(&database).expect("there is a database");
    let status = program.run(["db", "status"]);
    assert!(
        status.text().contains("debian") && status.text().contains("kev"),
        "{status:?}"
    );
    assert!(
        status.text().contains("2025-11-01"),
        "the document's date is kept: {status:?}"
    );

    let run = upstream.update(&program);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(upstream.seen().iter().all(|(_, status)| *status == 304));
    assert_eq!(fs::read(&database).expect("there is a database"), first);
}

#[test]
fn whatever_goes_wrong_leaves_the_old_database() {
    let upstream = Upstream::start();
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    assert_eq!(upstream.update(&program).code, 0);
    let database = program.cache().join("db/advisories.db");
    let first = fs::read(&database).expect("there is a database");
    // So that the documents are fetched anew.
    for (mood, words) in [
        (Mood::Failing, "/debian-advisories/DLA/list"),
        (Mood::Cut, "/debian-advisories/DLA/list"),
        (Mood::Garbage, "DLA.list"),
    ] {
        fs::remove_file(program.cache().join("feeds/state.tsv")).expect("there is a state");
        upstream.set(mood);
        let run = upstream.update(&program);
        assert_eq!(run.code, 4, "{run:?}");
        assert!(run.stderr.contains(words), "{run:?}");
        assert_eq!(fs::read(&database).expect("there is a database"), first);
        upstream.set(Mood::Well);
        assert_eq!(upstream.update(&program).code, 0, "it heals");
    }
}

/// The catalogue with its first ten records.
fn small_kev() -> Vec<u8> {
    let file = shared().join("feeds/kev/known_exploited_vulnerabilities.json");
    let bytes = fs::read(file).expect("the feed can be read");
    let mut document: serde_json::Value = serde_json::from_slice(&bytes).expect("it is JSON");
    let list = document["vulnerabilities"].as_array_mut();
    list.expect("a list").truncate(10);
    document.to_string().into_bytes()
}

#[test]
fn t40_a_feed_that_shrank_overnight_is_not_taken() {
    let upstream = Upstream::start();
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    assert_eq!(upstream.update(&program).code, 0);
    let database = program.cache().join("db/advisories.db");
    let first = fs::read(&database).expect("there is a database");
    upstream.set(Mood::Shrunk);
    let run = upstream.update(&program);
    run.ends(4, &["`kev` shrank from", "to 10", "--accept-shrunk kev"]);
    assert_eq!(fs::read(&database).expect("there is a database"), first);
    let run = upstream.update_with(&program, &["--accept-shrunk", "kev"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_ne!(fs::read(&database).expect("there is a database"), first);
    // The one before can still be asked for.
    let kept = fs::read_dir(program.cache().join("db/snapshots"))
        .expect("a folder")
        .count();
    assert_eq!(kept, 2);
}

#[test]
fn one_updates_while_others_read() {
    let upstream = Upstream::start();
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    assert_eq!(upstream.update(&program).code, 0);
    let lock = program.cache().join("db/update.lock");
    let held = fs::File::options().write(true).open(lock);
    let held = held.expect("there is a lock");
    held.lock().expect("nobody else holds it");
    upstream
        .update(&program)
        .ends(4, &["another update holds", "update.lock"]);
    assert_eq!(program.run(["db", "status"]).code, 0, "readers do not wait");
    drop(held);
    // An update that was killed leaves rubbish behind, which is in nobody's way.
    fs::write(program.cache().join("db/advisories.new"), b"half").expect("a file can be written");
    fs::write(program.cache().join("feeds/kev/.tmphalf"), b"half").expect("a file can be written");
    assert_eq!(upstream.update(&program).code, 0);
}

#[test]
fn an_update_that_is_killed_halfway_changes_nothing_and_the_next_one_goes_on() {
    let upstream = Upstream::start();
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let database = program.cache().join("db/advisories.db");
    let kill = || {
        upstream.set(Mood::Silent);
        upstream.waits.store(false, Ordering::Release);
        let mut child = program.command().args(upstream.words()).spawn();
        let child = child.as_mut().expect("it starts");
        while !upstream.waits.load(Ordering::Acquire) {
            let ended = child.try_wait().expect("it can be waited for");
            assert!(ended.is_none(), "it asks for the catalogue: {ended:?}");
            std::thread::yield_now();
        }
        child.kill().expect("it runs");
        child.wait().expect("it has ended");
        upstream.set(Mood::Well);
    };
    kill();
    assert!(!database.exists(), "half a database is none");
    upstream.seen();
    assert_eq!(upstream.update(&program).code, 0);
    let asked = upstream.seen();
    assert!(
        asked.contains(&("/debian/data/json".to_owned(), 304)),
        "what was fetched whole is not fetched again: {asked:?}"
    );
    let first = fs::read(&database).expect("there is a database");
    kill();
    assert_eq!(fs::read(&database).expect("there is a database"), first);
    assert_eq!(program.run(["db", "status"]).code, 0);
    assert_eq!(upstream.update(&program).code, 0);
    assert_eq!(fs::read(&database).expect("there is a database"), first);
}

/// Room on the disk, in KiB, from none to more than enough.
const ROOM: [u64; 8] = [0, 64, 256, 1024, 2048, 4096, 8192, 65536];

/// Whatever runs out of room first, the database in use is whole, and with enough room it is the next one.
#[track_caller]
fn without_room(folder: &Path, database: &Path, run: impl Fn(&Path, u64) -> Run) {
    let first = fs::read(database).expect("there is a database");
    let mut ends = Vec::new();
    for free in ROOM {
        let run = run(folder, free);
        ends.push(run.code);
        let now = fs::read(database).expect("there is a database");
        if run.code == 0 {
            assert_ne!(now, first, "{free} KiB: {run:?}");
            break;
        }
        assert_eq!(run.code, 4, "{free} KiB: {run:?}");
        assert_eq!(now, first, "{free} KiB: {run:?}");
        run.ends(4, &["No space left on device", text(folder)]);
        let left = files(folder).into_iter().find(|path| {
            let name = path.file_name().unwrap_or_default();
            name.to_string_lossy().starts_with(".tmp")
        });
        assert_eq!(left, None, "{free} KiB");
    }
    assert_eq!(ends.last(), Some(&0), "{ends:?}");
    assert!(ends.len() > 2, "{ends:?}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all
}

/// Fetching runs out of room, or building, or what is put in the place of the old.
#[test]
fn a_full_disk_leaves_the_old_database_where_it_is_updated() {
    let upstream = Upstream::start();
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    upstream.set(Mood::Shrunk);
    assert_eq!(upstream.update(&program).code, 0);
    upstream.set(Mood::Well);
    let database = program.cache().join("db/advisories.db");
    without_room(&program.cache(), &database, |folder, free| {
        program.run_on_small_disk(folder, free, upstream.words())
    });
    assert_eq!(program.run(["db", "status"]).code, 0);
}

#[test]
fn a_full_disk_leaves_the_old_database_where_it_is_built() {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let out = program.folder().join("out");
    fs::create_dir(&out).expect("a folder can be made");
    let database = out.join("own.db");
    let build = |feeds: &Path| {
        let words = [
            "db",
            "build",
            "--from",
            text(feeds),
            "--out",
            text(&database),
        ];
        words.map(str::to_owned)
    };
    let small = program.folder().join("small");
    fs::create_dir_all(small.join("kev")).expect("a folder can be made");
    let kev = "kev/known_exploited_vulnerabilities.json";
    fs::write(small.join(kev), small_kev()).expect("a feed can be written");
    program.run(build(&small)).ends(0, &[]);
    let large = program.folder().join("large");
    for feed in [kev, "osv/npm/all.zip", "wolfi/security.json"] {
        let to = large.join(feed);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder can be made");
        fs::copy(shared().join("feeds").join(feed), to).expect("a feed can be copied");
    }
    without_room(&out, &database, |folder, free| {
        program.run_on_small_disk(folder, free, build(&large))
    });
    let words = ["db", "status", "--db", text(&database)];
    program.run(words).ends(0, &[]);
}

/// Two that start at the same time: one waits for its server, and the other is told so.
#[test]
fn of_two_updates_one_goes_on() {
    let upstream = Upstream::start();
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    upstream.set(Mood::Silent);
    let first = program.command().args(upstream.words()).spawn();
    let mut first = first.expect("it starts");
    while !upstream.waits.load(Ordering::Acquire) {
        let ended = first.try_wait().expect("it can be waited for");
        assert!(ended.is_none(), "it asks for the catalogue: {ended:?}");
        std::thread::yield_now();
    }
    upstream
        .update(&program)
        .ends(4, &["another update holds", "update.lock"]);
    upstream.set(Mood::Well);
    let output = first.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(program.run(["db", "status"]).code, 0);
}

/// Red Hat's archive bears its day, and a text names the newest; SUSE does not have every release any more.
#[test]
fn an_archive_is_found_by_the_text_that_names_it() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let own_seen = Arc::clone(&seen);
    let server = Server::start(move |request| {
        own_seen
            .lock()
            .expect("no other thread panicked")
            .push(request.path.clone());
        match request.path.as_str() {
            "/redhat/csaf/v2/vex/archive_latest.txt" => {
                Reply::new(200).body(b"csaf_vex_2026-11-20.tar.zst\n".to_vec())
            }
            path if path.starts_with("/redhat/csaf/v2/vex/csaf_vex_2026-11-20") => {
                Reply::new(200).body(b"no archive".to_vec())
            }
            _ => answer(request, Mood::Well).1,
        }
    });
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let host = server.host();
    let bases = ["redhat", "suse", "endoflife", "epss", "kev"]
        .map(|feed| format!("--feed-url=feeds.{feed}=http://{host}/{feed}"));
    let args = ["db", "update", "--ecosystem"].map(str::to_owned);
    let run = |ecosystem: &str| {
        let args = args.iter().cloned().chain([ecosystem.to_owned()]);
        program.run(args.chain(bases.iter().cloned()))
    };
    let red_hat = run("Red Hat");
    assert_eq!(red_hat.code, 4, "{red_hat:?}");
    assert!(
        red_hat.stderr.contains("redhat/csaf_vex.tar.zst"),
        "{red_hat:?}"
    );
    let asked = std::mem::take(&mut *seen.lock().expect("no other thread panicked"));
    assert!(
        asked.contains(&"/redhat/csaf/v2/vex/csaf_vex_2026-11-20.tar.zst".to_owned()),
        "{asked:?}"
    );
    fs::remove_file(program.cache().join("feeds/redhat/csaf_vex.tar.zst")).expect("it is there");
    let suse = run("SUSE");
    assert_eq!(suse.code, 0, "{suse:?}");
}

#[test]
fn names_that_no_feed_has_are_wrong_usage() {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    for (args, word) in [
        (["--ecosystem", "Debain"], "Debain"),
        (["--feed-url", "feeds.osw=http://127.0.0.1:1"], "feeds.osw"),
        (["--feed-url", "http://127.0.0.1:1"], "NAME=URL"),
    ] {
        let run = program.run(["db", "update"].into_iter().chain(args));
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(word), "{run:?}");
    }
    let run = program.run(["--offline", "db", "update", "--ecosystem", "npm"]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stderr.contains("offline"), "{run:?}");
}

const ERRATA: &str = "<updates><update type=\"security\" status=\"final\"><id>ALAS2023-2023-1</id>\
    <severity>important</severity><issued date=\"2023-03-01\"/><references>\
    <reference id=\"CVE-2023-0286\" type=\"cve\" href=\"https://cve.example/1\"/></references><pkglist><collection>\
    <package name=\"openssl-libs\" version=\"3.0.8\" release=\"1.amzn2023.0.3\" epoch=\"1\" arch=\"x86_64\"/>\
    </collection></pkglist></update></updates>";

/// What the repository of the test is like.
#[derive(Clone, Copy, PartialEq)]
enum Repository {
    First,
    /// The same errata in another file, as after a new compose.
    Renewed,
    /// The text that names the errata tells another checksum.
    Lying,
    /// It names a file outside of itself.
    Leaving,
}

/// A mirror list, `repomd.xml` and errata, for whichever architecture; extras do not exist.
fn repository(request: &Seen, kind: Repository) -> Reply {
    let host = request.header("host").unwrap_or_default();
    let name = if kind == Repository::Renewed {
        "two"
    } else {
        "one"
    };
    let path = request.path.as_str();
    if path.ends_with("/mirror.list") && !path.contains("extras") {
        return Reply::new(200).body(format!("http://{host}/guid/$basearch/\n").into_bytes());
    }
    if path.ends_with("/repodata/repomd.xml") {
        let sum = match kind {
            Repository::Lying => "0".repeat(64),
            _ => Digest::of(ERRATA.as_bytes()).hex().to_owned(),
        };
        let folder = if kind == Repository::Leaving {
            "../repodata"
        } else {
            "repodata"
        };
        let text = format!(
            "<repomd><data type=\"primary\"><location href=\"repodata/p.xml\"/></data><data type=\"updateinfo\">\
             <checksum type=\"sha256\">{sum}</checksum><location href=\"{folder}/{name}-updateinfo.xml\"/></data></repomd>"
        );
        return Reply::new(200).body(text.into_bytes());
    }
    if path.ends_with(&format!("/{name}-updateinfo.xml")) {
        if request.header("if-none-match") == Some("\"e\"") {
            return Reply::new(304).header("etag", "\"e\"");
        }
        return Reply::new(200)
            .header("etag", "\"e\"")
            .header("last-modified", "Sat, 01 Nov 2025 10:00:00 GMT")
            .body(ERRATA.as_bytes().to_vec());
    }
    answer(request, Mood::Well).1
}

#[test]
fn repositories_are_found_by_their_lists_of_mirrors() {
    let kind = Arc::new(Mutex::new(Repository::First));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (own_kind, own_seen) = (Arc::clone(&kind), Arc::clone(&seen));
    let server = Server::start(move |request| {
        let reply = repository(request, *own_kind.lock().expect("no other thread panicked"));
        let mut seen = own_seen.lock().expect("no other thread panicked");
        seen.push((
            request.path.clone(),
            request.header("if-none-match").is_some(),
        ));
        reply
    });
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let host = server.host();
    let run = |new: Repository| {
        *kind.lock().expect("no other thread panicked") = new;
        let bases = ["amazon", "endoflife", "epss", "kev"]
            .map(|feed| format!("--feed-url=feeds.{feed}=http://{host}/{feed}"));
        let args = ["db", "update", "--ecosystem", "Amazon Linux"].map(str::to_owned);
        program.run(args.into_iter().chain(bases))
    };
    let first = run(Repository::First);
    assert_eq!(first.code, 0, "{first:?}");
    let feeds = program.cache().join("feeds/amazon");
    let errata =
        |name: &str| feeds.join(format!("2023-core-x86_64/repodata/{name}-updateinfo.xml"));
    assert!(errata("one").is_file());
    let asked = std::mem::take(&mut *seen.lock().expect("no other thread panicked"));
    assert!(
        asked
            .iter()
            .any(|(path, _)| path == "/amazon/al2023/core/mirrors/latest/aarch64/mirror.list")
    );
    assert!(
        asked
            .iter()
            .any(|(path, _)| path == "/guid/x86_64/repodata/one-updateinfo.xml")
    );
    let database = program.cache().join("db/advisories.db");
    let built = fs::read(&database).expect("there is a database");
    let status = program.run(["db", "status"]);
    assert!(status.text().contains("amazon"), "{status:?}");

    // The errata are asked for as what is there already.
    assert_eq!(run(Repository::First).code, 0);
    let asked = std::mem::take(&mut *seen.lock().expect("no other thread panicked"));
    let mut errata_asked = asked
        .iter()
        .filter(|(path, _)| path.ends_with("-updateinfo.xml"));
    assert!(errata_asked.clone().count() == 4 && errata_asked.all(|(_, conditional)| *conditional));
    assert_eq!(fs::read(&database).expect("there is a database"), built);

    for (kind, word) in [
        (Repository::Lying, "checksum"),
        (Repository::Leaving, "outside"),
    ] {
        let lied = run(kind);
        assert_eq!(lied.code, 4, "{lied:?}");
        assert!(lied.stderr.contains(word), "{lied:?}");
        assert_eq!(fs::read(&database).expect("there is a database"), built);
    }
    let renewed = run(Repository::Renewed);
    assert_eq!(renewed.code, 0, "{renewed:?}");
    assert!(errata("two").is_file() && !errata("one").exists());
    let state =
        fs::read_to_string(program.cache().join("feeds/state.tsv")).expect("there is a state");
    assert!(state.contains("two-updateinfo.xml") && !state.contains("one-updateinfo.xml"));
}

/// A page of Bodhi with one update.
fn bodhi(request: &Seen, pages: u64) -> Reply {
    if request.path.ends_with("/updates/") || request.path.contains("/updates/?") {
        let query = request.path.split_once('?').map_or("", |(_, query)| query);
        let value = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .find(|(known, _)| *known == name)
                .map_or("", |(_, value)| value)
        };
        if value("releases") != "F41" {
            return Reply::new(400).body(b"{\"status\": \"error\"}".to_vec());
        }
        let page: u64 = value("page").parse().unwrap_or(0);
        let total = pages;
        let text = format!(
            "{{\"updates\": [{{\"alias\": \"FEDORA-2024-{page}\", \"type\": \"security\", \"status\": \"stable\", \
             \"release\": {{\"version\": \"41\", \"id_prefix\": \"FEDORA\"}}, \"bugs\": [{{\"title\": \"CVE-2024-100{page} x\"}}], \
             \"builds\": [{{\"nvr\": \"curl-8.9.{page}-2.fc41\", \"type\": \"rpm\"}}]}}], \
             \"page\": {page}, \"pages\": {pages}, \"total\": {total}}}"
        );
        return Reply::new(200).body(text.into_bytes());
    }
    answer(request, Mood::Well).1
}

#[test]
fn all_pages_of_a_list_become_one_document() {
    let pages = Arc::new(Mutex::new(3));
    let own = Arc::clone(&pages);
    let server = Server::start(move |request| {
        bodhi(request, *own.lock().expect("no other thread panicked"))
    });
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let host = server.host();
    let run = || {
        let bases = ["fedora", "endoflife", "epss", "kev"]
            .map(|feed| format!("--feed-url=feeds.{feed}=http://{host}/{feed}"));
        let args = ["db", "update", "--ecosystem", "Fedora"].map(str::to_owned);
        program.run(args.into_iter().chain(bases))
    };
    let first = run();
    assert_eq!(first.code, 0, "{first:?}");
    let file = program.cache().join("feeds/fedora/F41/all.json");
    let text = fs::read_to_string(&file).expect("it is there");
    let document: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(document["pages"].as_array().map(Vec::len), Some(3));
    assert!(!program.cache().join("feeds/fedora/F42/all.json").exists());
    let found = program.run(["db", "search", "CVE-2024-1003"]);
    assert!(found.text().contains("FEDORA-2024-3"), "{found:?}");
    // Nothing half-written stays where a page is missing.
    *pages.lock().expect("no other thread panicked") = 1_000_000;
    let endless = run();
    assert_eq!(endless.code, 4, "{endless:?}");
    assert_eq!(fs::read_to_string(&file).expect("it is there"), text);
}

/// openEuler's documents one by one, beside the list of their names.
#[test]
fn documents_beside_a_list_are_fetched_and_count_as_whole() {
    let names = Arc::new(Mutex::new(
        "2022/csaf-openeuler-cve-2022-0135.json\n2025/csaf-openeuler-cve-2025-0240.json".to_owned(),
    ));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (own_names, own_seen) = (Arc::clone(&names), Arc::clone(&seen));
    let server = Server::start(move |request| {
        let Some(path) = request.path.strip_prefix("/openeuler/cve/") else {
            return answer(request, Mood::Well).1;
        };
        if path == "index.txt" {
            let names = own_names.lock().expect("no other thread panicked");
            return Reply::new(200).body(names.clone().into_bytes());
        }
        let conditional = request.header("if-none-match") == Some("\"d\"");
        own_seen
            .lock()
            .expect("no other thread panicked")
            .push(conditional);
        if conditional {
            return Reply::new(304).header("etag", "\"d\"");
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        match fs::read(shared().join("feeds/samples/openeuler/csaf").join(name)) {
            Ok(body) => Reply::new(200).header("etag", "\"d\"").body(body),
            Err(_) => Reply::new(404),
        }
    });
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let host = server.host();
    let run = |list: Option<&str>| {
        if let Some(list) = list {
            list.clone_into(&mut names.lock().expect("no other thread panicked"));
        }
        let bases = ["openeuler", "osv", "endoflife", "epss", "kev"]
            .map(|feed| format!("--feed-url=feeds.{feed}=http://{host}/{feed}"));
        let args = ["db", "update", "--ecosystem", "openEuler"].map(str::to_owned);
        program.run(args.into_iter().chain(bases))
    };
    let first = run(None);
    assert_eq!(first.code, 0, "{first:?}");
    let folder = program.cache().join("feeds/openeuler/cve");
    assert!(
        folder
            .join("2025/csaf-openeuler-cve-2025-0240.json")
            .is_file()
    );
    let database = program.cache().join("db/advisories.db");
    let built = fs::read(&database).expect("there is a database");
    let asked = std::mem::take(&mut *seen.lock().expect("no other thread panicked"));
    assert_eq!(asked, [false, false]);
    assert_eq!(run(None).code, 0);
    let asked = std::mem::take(&mut *seen.lock().expect("no other thread panicked"));
    assert_eq!(asked, [true, true]);
    assert_eq!(fs::read(&database).expect("there is a database"), built);
    for (list, word) in [
        ("../../../state.tsv", "no name"),
        ("", "no document"),
        ("<html>", "no name"),
    ] {
        let wrong = run(Some(list));
        assert_eq!(wrong.code, 4, "{wrong:?}");
        assert!(wrong.stderr.contains(word), "{wrong:?}");
        assert_eq!(fs::read(&database).expect("there is a database"), built);
    }
    // What is no longer listed goes; what is listed and does not exist is told when the list is read.
    let some = run(Some(
        "2022/csaf-openeuler-cve-2022-0135.json\n2026/csaf-openeuler-cve-2026-1.json\n",
    ));
    assert_eq!(some.code, 0, "{some:?}");
    assert!(
        !folder
            .join("2025/csaf-openeuler-cve-2025-0240.json")
            .exists()
    );
    assert_ne!(fs::read(&database).expect("there is a database"), built);
}

/// Whoever updates one ecosystem alone keeps the others as they are: the database is new, and what it says of Debian
/// is not.
#[test]
fn a_publisher_that_nobody_asked_for_long_is_told() {
    let upstream = Upstream::start();
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    assert_eq!(upstream.update(&program).code, 0);
    let image = program.file("image.tar", oci(&[flawed::image()]).tar());
    let image = image.to_str().expect("temporary paths are text");
    let told = |more: &[&str]| {
        let run = program.run([&["scan", image, "-f", "json"], more].concat());
        run.ends(0, &[]);
        let problems = run.json()["problems"].clone();
        let problems = problems.as_array().expect("a list").iter();
        let reasons = problems.filter(|problem| problem["subject"] == "advisories for Debian:11");
        let reasons: Vec<String> = reasons
            .map(|problem| format!("{}: {}", problem["effect"], problem["reason"]))
            .collect();
        reasons
    };
    assert_eq!(told(&[]), Vec::<String>::new());
    let mirror = program.cache().join("feeds");
    let file = mirror.join("checked.json");
    let text = fs::read_to_string(&file).expect("it is there");
    let mut checked: BTreeMap<String, String> = serde_json::from_str(&text).expect("it is JSON");
    checked.insert("debian".to_owned(), "2020-02-02T00:00:00Z".to_owned());
    fs::write(&file, serde_json::to_string(&checked).expect("it is data"))
        .expect("it can be written");
    // The marks alone are fetched, as with `--ecosystem npm`, and Debian's tracker is compiled again as it was.
    let database = program.folder().join("old.db");
    let [mirror, database] =
        [&mirror, &database].map(|path| path.to_str().expect("paths are text"));
    let run = program.run(["db", "build", "--from", mirror, "--out", database]);
    run.ends(0, &["debian"]);
    let said = told(&["--db", database]);
    let words = "\"blind\": \"their publisher was last asked ";
    assert!(
        matches!(said.as_slice(), [one] if one.starts_with(words)),
        "{said:?}"
    );
    assert_eq!(upstream.update(&program).code, 0);
    assert_eq!(told(&[]), Vec::<String>::new());
}
