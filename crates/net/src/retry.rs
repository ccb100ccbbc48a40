//! When to try again, and when.

use std::time::Duration;

use jiff::fmt::rfc2822;

use crate::message::Headers;
use crate::{NetError, Retry};

impl Retry {
    /// How long to wait after this many failed attempts.
    pub(crate) fn wait(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(20);
        self.first.saturating_mul(1 << doublings).min(self.longest)
    }
}

/// Statuses that pass by (RFC 9110, section 15.6; RFC 6585, section 4).
pub(crate) fn is_passing_status(status: u16) -> bool {
    matches!(status, 429 | 500 | 502 | 503 | 504)
}

/// Whether the same request may succeed a moment later: the connection was there and broke. A host that does
/// not exist, refuses or does not answer in time has had its chance.
pub(crate) fn is_passing_error(error: &NetError) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    match error {
        NetError::Unreachable { source, .. } | NetError::Broken { source, .. } => {
            matches!(
                source.kind(),
                BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof
            )
        }
        _ => false,
    }
}

/// How long the server wants to be left alone (RFC 9110, section 10.2.3): seconds, or a date, which is held
/// against the date of the answer itself, so that no clock of this machine is asked.
pub(crate) fn retry_after(headers: &Headers) -> Option<Duration> {
    let value = headers.get("retry-after")?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let then = http_date(value)?;
    let now = http_date(headers.get("date")?)?;
    Some(Duration::from_secs(u64::try_from(then - now).unwrap_or(0)))
}

/// Seconds since 1970 of an HTTP date in its preferred form (RFC 9110, section 5.6.7).
fn http_date(text: &str) -> Option<i64> {
    // RFC 2822 writes zones as `GMT` or `+0000` as well.
    rfc2822::parse(text.trim())
        .ok()
        .map(|zoned| zoned.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> Headers {
        Headers(
            pairs
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let retry = Retry {
            times: 9,
            first: Duration::from_secs(1),
            longest: Duration::from_secs(5),
        };
        let waits: Vec<u64> = (1..=4)
            .chain([40])
            .map(|n| retry.wait(n).as_secs())
            .collect();
        assert_eq!(waits, [1, 2, 4, 5, 5]);
    }

    #[test]
    fn servers_say_how_long_to_wait() {
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        for (value, seconds) in [
            ("120", Some(120)),
            ("0", Some(0)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
            ("99999999999999999999999", None),
        ] {
            let wait = retry_after(&headers(&[("retry-after", value), date]));
            assert_eq!(wait.map(|wait| wait.as_secs()), seconds, "{value}");
        }
        assert_eq!(
            retry_after(&headers(&[(
                "retry-after",
                "Sun, 06 Nov 1994 08:50:37 GMT"
            )])),
            None
        );
    }
}
