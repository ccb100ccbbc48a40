//! The client behind a proxy.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use plimsoll_net::{
    Answer, Client, NetError, Network, Proxies, Request, Retry, Roots, Settings, Timeouts,
};
use plimsoll_testkit::registry::{Reply, Server};

fn client(proxies: Proxies) -> Client {
    Client::new(Settings {
        network: Network::Online,
        timeouts: Timeouts {
            connect: Duration::from_secs(2),
            read: Duration::from_secs(2),
            total: Duration::from_secs(5),
        },
        retry: Retry {
            times: 0,
            first: Duration::ZERO,
            longest: Duration::ZERO,
        },
        proxies,
        roots: Roots::Bundled,
        user_agent: "plimsoll-test".into(),
    })
}

/// A proxy that leads every tunnel to `target` and tells what it was asked.
fn proxy(target: String) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it has a number").to_string();
    let (sender, asked) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().expect("a handle"));
            let mut request = String::new();
            while !request.ends_with("\r\n\r\n")
                && reader.read_line(&mut request).is_ok_and(|n| n > 0)
            {}
            let _ = sender.send(request);
            tunnel(
                stream,
                TcpStream::connect(&target).expect("the target listens"),
            );
        }
    });
    (address, asked)
}

fn tunnel(mut near: TcpStream, far: TcpStream) {
    let _ = near.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
    let pump = |mut from: TcpStream, mut to: TcpStream| {
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = from.read(&mut buffer) {
                if to.write_all(&buffer[..count]).is_err() {
                    break;
                }
            }
            let _ = to.shutdown(Shutdown::Write);
        })
    };
    pump(
        near.try_clone().expect("a handle"),
        far.try_clone().expect("a handle"),
    );
    pump(far, near);
}

#[test]
fn a_proxy_looks_the_host_up_and_leads_there() {
    let server = Server::start(|_| Reply::new(200).body(b"good".to_vec()));
    let (address, asked) = proxy(server.host());
    let client = client(Proxies {
        http: Some(format!("http://me:pass@{address}")),
        ..Proxies::default()
    });
    // Nobody but the proxy knows this host.
    let url = "http://registry.invalid:8080/v2/"
        .parse()
        .expect("an address");
    let bytes = client.document(&Request::get(url, Answer::Document), 10);
    assert_eq!(bytes.expect("the tunnel leads there"), b"good");
    let request = asked
        .recv()
        .expect("the proxy was asked")
        .to_ascii_lowercase();
    assert!(
        request.starts_with("connect registry.invalid:8080 "),
        "{request}"
    );
    assert!(request.contains("proxy-authorization: basic"), "{request}");
}

#[test]
fn a_proxy_that_refuses_is_named_as_what_is_wrong() {
    let refusing = Server::start(|_| Reply::new(407));
    let client = client(Proxies {
        https: Some(format!("http://{}", refusing.host())),
        ..Proxies::default()
    });
    let url = "https://registry.invalid/v2/".parse().expect("an address");
    let error = client
        .send(&Request::get(url, Answer::Document))
        .expect_err("no tunnel");
    assert!(matches!(error, NetError::Proxy { .. }), "{error:?}");
}
