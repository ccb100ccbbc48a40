//! The smallest HTTP server that a test needs: one thread for each connection, no bodies in requests but
//! those of known length.

use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A request that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// `GET`, `HEAD`, `POST`.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Names in lower case, values as sent.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Seen {
    /// The first header with this lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Where the asked range begins, if one is asked for.
    #[must_use]
    pub fn range_start(&self) -> Option<usize> {
        let range = self.header("range")?.strip_prefix("bytes=")?;
        range.strip_suffix('-')?.parse().ok()
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// After how many bytes of the body it ends, whatever its length promises.
    cut: Option<usize>,
    /// How long it hangs: before the answer, or where it is cut.
    hang: Option<Duration>,
    raw: Option<Vec<u8>>,
}

impl Reply {
    /// An empty answer.
    #[must_use]
    pub fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            cut: None,
            hang: None,
            raw: None,
        }
    }

    /// These bytes instead of HTTP.
    #[must_use]
    pub fn raw(bytes: &[u8]) -> Self {
        Self {
            raw: Some(bytes.to_vec()),
            ..Self::new(200)
        }
    }

    /// With a header instead of those with the same name.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers
            .retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a body.
    #[must_use]
    pub fn body(mut self, body: Vec<u8>) -> Self {
        self.body = body;
        self
    }

    /// Ending after this many bytes of the body.
    #[must_use]
    pub fn cut(mut self, bytes: usize) -> Self {
        self.cut = Some(bytes);
        self
    }

    /// Hanging before the first byte, or, where the body is cut, there.
    #[must_use]
    pub fn hanging(mut self, time: Duration) -> Self {
        self.hang = Some(time);
        self
    }
}

/// A server on a free port of this machine; it ends with the value.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stopped: Arc<AtomicBool>,
}

impl Server {
    /// Starts a server that answers with `answer`.
    ///
    /// # Panics
    /// If this machine gives neither port nor thread.
    pub fn start(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("the port has a number");
        let stopped = Arc::new(AtomicBool::new(false));
        let (own, answer) = (Arc::clone(&stopped), Arc::new(answer));
        std::thread::Builder::new()
            .name("test-server".into())
            .spawn(move || {
                for stream in listener.incoming() {
                    if own.load(Ordering::SeqCst) {
                        return;
                    }
                    let (stopped, answer) = (Arc::clone(&own), Arc::clone(&answer));
                    if let Ok(stream) = stream {
                        std::thread::spawn(move || serve(&stream, &stopped, answer.as_ref()));
                    }
                }
            })
            .expect("a thread");
        Self { address, stopped }
    }

    /// `127.0.0.1:port`.
    #[must_use]
    pub fn host(&self) -> String {
        self.address.to_string()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the listener, so that it sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(stream: &TcpStream, stopped: &AtomicBool, answer: &dyn Fn(&Seen) -> Reply) {
    // A client that keeps its connection open must not keep the thread for ever.
    let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
    let mut reader = BufReader::new(stream);
    while let Some(seen) = read_request(&mut reader) {
        let reply = answer(&seen);
        let keeps = reply.cut.is_none() && reply.hang.is_none() && reply.raw.is_none();
        let sent = send(stream, stopped, &seen, reply);
        if sent.is_err() || !keeps || stopped.load(Ordering::SeqCst) {
            return;
        }
    }
    // What real servers say to a client that speaks TLS; nobody hears it where the client has left.
    let mut stream = stream;
    let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
}

fn read_request(reader: &mut BufReader<&TcpStream>) -> Option<Seen> {
    let mut line = String::new();
    reader
        .read_line(&mut line)
        .ok()
        .filter(|count| *count > 0)?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader
            .read_line(&mut line)
            .ok()
            .filter(|count| *count > 0)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut seen = Seen {
        method,
        path,
        headers,
        body: Vec::new(),
    };
    let length = seen
        .header("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    seen.body = vec![0; length];
    reader.read_exact(&mut seen.body).ok()?;
    Some(seen)
}

fn send(
    mut stream: &TcpStream,
    stopped: &AtomicBool,
    seen: &Seen,
    reply: Reply,
) -> std::io::Result<()> {
    use std::fmt::Write as _;
    if let Some(raw) = reply.raw {
        return stream.write_all(&raw);
    }
    if let (Some(time), None) = (reply.hang, reply.cut) {
        hang(time, stopped);
        return Ok(());
    }
    // Writing to a `String` cannot fail.
    let mut head = format!("HTTP/1.1 {} Test\r\n", reply.status);
    let names_length = |(name, _): &(String, String)| name.eq_ignore_ascii_case("content-length");
    if !reply.headers.iter().any(names_length) {
        let _ = write!(head, "Content-Length: {}\r\n", reply.body.len());
    }
    for (name, value) in &reply.headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())?;
    if seen.method != "HEAD" {
        let end = reply.cut.unwrap_or(reply.body.len()).min(reply.body.len());
        stream.write_all(&reply.body[..end])?;
    }
    if let Some(time) = reply.hang {
        hang(time, stopped);
    }
    Ok(())
}

fn hang(time: Duration, stopped: &AtomicBool) {
    let begin = Instant::now();
    while begin.elapsed() < time && !stopped.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(10));
    }
}
