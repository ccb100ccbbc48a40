//! `plimsoll db update` against a server of the test that publishes real feeds: what is fetched, what is not
//! fetched again, and that whatever goes wrong leaves the old database in place.

use std::fs;
use std::sync::{Arc, Mutex};

use plimsoll_testkit::program::{Program, Run};
use plimsoll_testkit::registry::{Reply, Seen, Server};
use plimsoll_testkit::shared;

/// What the server does with everything, whoever asks.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Well,
    Failing,
    Garbage,
    Cut,
}

struct Upstream {
    server: Server,
    mood: Arc<Mutex<Mood>>,
    seen: Arc<Mutex<Vec<(String, u16)>>>,
}

impl Upstream {
    /// Publishes the Debian tracker, support dates and the known exploited vulnerabilities, with validators.
    fn start() -> Self {
        let mood = Arc::new(Mutex::new(Mood::Well));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (own_mood, own_seen) = (Arc::clone(&mood), Arc::clone(&seen));
        let server = Server::start(move |request| {
            let (status, reply) =
                answer(request, *own_mood.lock().expect("no other thread panicked"));
            own_seen
                .lock()
                .expect("no other thread panicked")
                .push((request.path.clone(), status));
            reply
        });
        Self { server, mood, seen }
    }

    fn set(&self, mood: Mood) {
        *self.mood.lock().expect("no other thread panicked") = mood;
    }

    fn seen(&self) -> Vec<(String, u16)> {
        std::mem::take(&mut *self.seen.lock().expect("no other thread panicked"))
    }

    fn update(&self, program: &Program) -> Run {
        let host = self.server.host();
        let bases = ["alpine-secdb", "debian", "endoflife", "kev", "osv", "wolfi"]
            .map(|feed| format!("--feed-url=feeds.{feed}=http://{host}/{feed}"));
        let args = ["db", "update", "--ecosystem", "Debian"].map(str::to_owned);
        program.run(args.into_iter().chain(bases))
    }
}

fn answer(request: &Seen, mood: Mood) -> (u16, Reply) {
    let file = match request.path.as_str() {
        "/debian/data/json" => "samples/debian/tracker-excerpt.json",
        "/kev/known_exploited_vulnerabilities.json" => "kev/known_exploited_vulnerabilities.json",
        "/endoflife/products/full" => "endoflife/products-full.json",
        _ => return (404, Reply::new(404)),
    };
    match mood {
        Mood::Failing => return (403, Reply::new(403)),
        Mood::Garbage => return (200, Reply::new(200).body(b"<html>".to_vec())),
        Mood::Well | Mood::Cut => {}
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
            ("/debian/data/json".to_owned(), 200),
            ("/endoflife/products/full".to_owned(), 200),
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
        (Mood::Failing, "/debian/data/json"),
        (Mood::Cut, "/debian/data/json"),
        (Mood::Garbage, "tracker.json"),
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
