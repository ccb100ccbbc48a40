//! The client against a server that does what servers should not do.

use std::io::Read;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use plimsoll_net::fetch::{Fetched, Validators, fetch_if_changed};
use plimsoll_net::{
    Answer, Client, NetError, Network, Proxies, Request, Retry, Roots, Secret, Settings, Timeouts,
    Url,
};
use plimsoll_testkit::registry::{Reply, Seen, Server};

fn client() -> Client {
    with(Network::Online)
}

fn with(network: Network) -> Client {
    Client::new(Settings {
        network,
        timeouts: Timeouts {
            connect: Duration::from_secs(2),
            read: Duration::from_millis(300),
            total: Duration::from_secs(2),
        },
        retry: Retry {
            times: 3,
            first: Duration::from_millis(5),
            longest: Duration::from_secs(2),
        },
        proxies: Proxies::default(),
        roots: Roots::Bundled,
        user_agent: "plimsoll-test".into(),
    })
}

fn url(server: &Server, path: &str) -> Url {
    let text = format!("http://{}{path}", server.host());
    text.parse().expect("an address")
}

fn document(server: &Server) -> Result<Vec<u8>, NetError> {
    client().document(&Request::get(url(server, "/x"), Answer::Document), 1000)
}

/// A server that gives each of these answers once, then the last for ever.
fn script(replies: Vec<Reply>) -> Server {
    let next = AtomicUsize::new(0);
    Server::start(move |_| {
        let at = next.fetch_add(1, Ordering::SeqCst).min(replies.len() - 1);
        replies[at].clone()
    })
}

fn good() -> Reply {
    Reply::new(200).body(b"good".to_vec())
}

#[test]
fn trouble_that_passes_is_waited_out() {
    for trouble in [
        Reply::new(500),
        Reply::new(502),
        Reply::new(503),
        Reply::new(504),
        Reply::new(429).header("Retry-After", "0"),
        Reply::raw(b""),
    ] {
        let server = script(vec![trouble.clone(), trouble.clone(), good()]);
        assert_eq!(document(&server).unwrap(), b"good", "{trouble:?}");
    }
}

#[test]
fn waits_that_servers_ask_for_are_kept_up_to_a_limit() {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    let later = Reply::new(429)
        .header("Retry-After", "Sun, 06 Nov 1994 08:49:38 GMT")
        .header("Date", date);
    let begin = Instant::now();
    assert_eq!(document(&script(vec![later, good()])).unwrap(), b"good");
    assert!(begin.elapsed() >= Duration::from_secs(1));

    let long = Reply::new(429).header("Retry-After", "3600");
    let error = document(&script(vec![long, good()])).unwrap_err();
    assert!(
        matches!(error, NetError::TooManyRequests { wait: Some(wait), .. } if wait.as_secs() == 3600)
    );
    assert!(error.to_string().contains("wait 3600 s"), "{error}");
}

#[test]
fn trouble_that_stays_is_reported_once() {
    for (status, calls) in [(400, 1), (401, 1), (403, 1), (404, 1), (500, 4), (429, 4)] {
        let count = std::sync::Arc::new(AtomicUsize::new(0));
        let own = count.clone();
        let server = Server::start(move |_| {
            own.fetch_add(1, Ordering::SeqCst);
            Reply::new(status).body(b"because\n\x1b of \t that".to_vec())
        });
        let error = document(&server).unwrap_err();
        assert_eq!(count.load(Ordering::SeqCst), calls, "{status}");
        let text = error.to_string();
        assert!(
            text.contains(&server.host()) && text.contains(&status.to_string()),
            "{text}"
        );
        assert!(status == 429 || text.ends_with("because of that"), "{text}");
    }
}

#[test]
fn what_hangs_ends() {
    let hang = Duration::from_mins(1);
    let begin = Instant::now();
    let error = document(&script(vec![Reply::new(200).hanging(hang)])).unwrap_err();
    assert!(matches!(error, NetError::Timeout { .. }), "{error:?}");
    let stalled = good().cut(2).hanging(hang);
    let error = document(&script(vec![stalled])).unwrap_err();
    assert!(
        error.to_string().contains("stopped sending within 0.3 s"),
        "{error}"
    );
    assert!(begin.elapsed() < Duration::from_secs(5));
}

#[test]
fn documents_have_a_largest_size() {
    let large = Reply::new(200).body(vec![0; 1001]);
    assert!(matches!(
        document(&script(vec![large.clone()])),
        Err(NetError::TooLarge { limit: 1000, .. })
    ));
    // Without a length it shows only on the way.
    let endless = large
        .header("Content-Length", "1001")
        .header("Transfer-Encoding", "identity");
    assert!(document(&script(vec![endless])).is_err());
    assert_eq!(
        document(&script(vec![Reply::new(200).body(vec![0; 1000])]))
            .unwrap()
            .len(),
        1000
    );
}

#[test]
fn what_is_no_http_is_said_to_be_none() {
    for raw in [
        &b"SSH-2.0-OpenSSH_9.2\r\n"[..],
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
    ] {
        let error = document(&script(vec![Reply::raw(raw)])).unwrap_err();
        assert!(matches!(error, NetError::Protocol { .. }), "{error:?}");
    }
    let headers = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(1 << 20));
    assert!(document(&script(vec![Reply::raw(headers.as_bytes())])).is_err());
}

#[test]
fn credentials_stay_with_the_server_that_they_are_for() {
    let seen: &'static Mutex<Vec<Seen>> = Box::leak(Box::default());
    let other = Server::start(move |request| {
        seen.lock().unwrap().push(request.clone());
        good()
    });
    let target = format!("http://me:too@{}/moved", other.host());
    let own = Server::start(move |request| {
        seen.lock().unwrap().push(request.clone());
        if request.path == "/there" {
            Reply::new(307).header("Location", &target)
        } else {
            Reply::new(302).header("Location", "/there")
        }
    });
    let request =
        Request::get(url(&own, "/here"), Answer::Document).basic("me", &Secret::new("pass"));
    assert_eq!(client().document(&request, 10).unwrap(), b"good");
    let seen = seen.lock().unwrap();
    let paths: Vec<(&str, bool)> = seen
        .iter()
        .map(|request| {
            (
                request.path.as_str(),
                request.header("authorization").is_some(),
            )
        })
        .collect();
    assert_eq!(
        paths,
        [("/here", true), ("/there", true), ("/moved", false)]
    );
}

#[test]
fn redirects_have_an_end() {
    let error = document(&script(vec![Reply::new(302).header("Location", "/again")])).unwrap_err();
    assert!(matches!(error, NetError::Redirect { .. }), "{error:?}");
    let error = document(&script(vec![
        Reply::new(302).header("Location", "file:///etc/passwd"),
    ]))
    .unwrap_err();
    assert!(error.to_string().contains("no web address"), "{error}");
    let server = script(vec![Reply::new(307).header("Location", "/again")]);
    let post = Request::post_form(url(&server, "/"), &[("refresh_token", "secret")]);
    assert!(matches!(
        client().send(&post),
        Err(NetError::Redirect { .. })
    ));
}

#[test]
fn offline_means_this_machine_alone() {
    let server = script(vec![good()]);
    let offline = with(Network::Offline);
    let near = Request::get(url(&server, "/"), Answer::Document);
    assert!(offline.document(&near, 10).is_ok());
    let far = Request::get(
        "https://registry.example/v2/?token=abc".parse().unwrap(),
        Answer::Document,
    );
    let error = offline.send(&far).unwrap_err();
    assert_eq!(
        error.to_string(),
        "https://registry.example/v2/?token=*** is not asked: offline"
    );
    let leading_away = script(vec![
        Reply::new(302).header("Location", "http://192.0.2.1/"),
    ]);
    let near = Request::get(url(&leading_away, "/"), Answer::Document);
    assert!(matches!(offline.send(&near), Err(NetError::Offline { .. })));
}

/// A server with one file, which breaks off after `cut` bytes each time, and says `etag`.
fn breaking(content: Vec<u8>, cut: usize, etags: &'static [&'static str], ranges: bool) -> Server {
    let next = AtomicUsize::new(0);
    Server::start(move |seen| {
        let etag = etags[next.fetch_add(1, Ordering::SeqCst).min(etags.len() - 1)];
        let start = seen.range_start().filter(|_| ranges);
        let reply = match start {
            Some(start) => Reply::new(206)
                .header(
                    "Content-Range",
                    &format!("bytes {start}-{}/{}", content.len() - 1, content.len()),
                )
                .body(content[start..].to_vec()),
            None => Reply::new(200).body(content.clone()),
        };
        let reply = if etag.is_empty() {
            reply
        } else {
            reply.header("ETag", etag)
        };
        let left = content.len() - start.unwrap_or(0);
        if left > cut { reply.cut(cut) } else { reply }
    })
}

fn read_stream(server: &Server) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let request = Request::get(url(server, "/blob"), Answer::Stream);
    client()
        .stream(&request)
        .map_err(std::io::Error::from)?
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn content() -> Vec<u8> {
    (0..100_000_u32).flat_map(u32::to_le_bytes).collect()
}

#[test]
fn streams_go_on_where_they_broke_off() {
    for etags in [&[""][..], &["\"a\""], &["W/\"a\"", "W/\"b\""]] {
        let server = breaking(content(), 150_000, etags, true);
        assert_eq!(read_stream(&server).unwrap(), content(), "{etags:?}");
    }
}

#[test]
fn streams_do_not_go_on_with_something_else() {
    let server = breaking(content(), 150_000, &["\"a\"", "\"b\""], true);
    let error = read_stream(&server).unwrap_err().to_string();
    assert!(error.contains("broke after 150000 bytes"), "{error}");
}

#[test]
fn streams_begin_anew_where_ranges_are_unknown() {
    let all = content();
    let whole = Reply::new(200).body(all.clone());
    let server = script(vec![whole.clone().cut(150_000), whole]);
    assert_eq!(read_stream(&server).unwrap(), all);
}

#[test]
fn streams_that_never_get_on_end() {
    let server = breaking(content(), 0, &[""], true);
    let error = read_stream(&server).unwrap_err().to_string();
    assert!(error.contains("broke after 0 bytes"), "{error}");
}

#[test]
fn nobody_there_is_said_clearly() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let request = Request::get(
        format!("http://{closed}/").parse().unwrap(),
        Answer::Document,
    );
    let error = client().send(&request).unwrap_err();
    assert!(matches!(error, NetError::Unreachable { .. }), "{error:?}");
    assert!(std::io::Error::from(error).to_string().contains("refused"));
    let socket = Url::unix("/nonexistent/docker.sock".as_ref(), "/_ping").unwrap();
    let error = client()
        .send(&Request::get(socket, Answer::Document))
        .unwrap_err();
    assert_eq!(error.io_kind(), std::io::ErrorKind::NotFound);
}

#[test]
fn a_server_without_tls_is_not_taken_for_one_with() {
    let server = script(vec![good()]);
    let request = Request::get(
        format!("https://{}/", server.host()).parse().unwrap(),
        Answer::Document,
    );
    let error = client().send(&request).unwrap_err();
    assert!(matches!(error, NetError::Tls { .. }), "{error:?}");
}

#[test]
fn files_are_fetched_when_they_changed() {
    let server = Server::start(|seen| {
        if seen.header("if-none-match") == Some("\"1\"") {
            return Reply::new(304);
        }
        Reply::new(200)
            .header("ETag", "\"1\"")
            .header("Last-Modified", "yesterday")
            .body(b"feed".to_vec())
    });
    let folder = tempfile::tempdir().unwrap();
    let fetch = |known: &Validators, limit| {
        fetch_if_changed(
            &client(),
            &url(&server, "/feed"),
            known,
            folder.path(),
            limit,
        )
    };
    let Fetched::New {
        file,
        size,
        validators,
    } = fetch(&Validators::default(), 4).unwrap()
    else {
        panic!("the first time everything is new");
    };
    assert_eq!(
        (std::fs::read(file.path()).unwrap(), size),
        (b"feed".to_vec(), 4)
    );
    assert_eq!(validators.last_modified.as_deref(), Some("yesterday"));
    assert!(matches!(
        fetch(&validators, 4).unwrap(),
        Fetched::NotModified
    ));
    assert!(matches!(
        fetch(&Validators::default(), 3),
        Err(NetError::TooLarge { .. })
    ));
    drop(file);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
