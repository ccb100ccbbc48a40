//! Which proxy leads to which host.

use std::net::IpAddr;

use crate::{Scheme, Url};

/// The values of `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, as the caller found them; this crate reads no
/// environment. Connections of both kinds are tunnelled with `CONNECT`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    /// For `http` addresses.
    pub http: Option<String>,
    /// For `https` addresses.
    pub https: Option<String>,
    /// Hosts that need none, by the rules that curl and Go share: names and everything below them, a leading
    /// dot for only what is below, addresses, address blocks (`10.0.0.0/8`), each with an optional port, and
    /// `*` for all; separated by commas or spaces.
    pub none_for: String,
}

impl std::fmt::Debug for Proxies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Addresses of proxies often carry a password.
        f.debug_struct("Proxies")
            .field("http", &self.http.is_some())
            .field("https", &self.https.is_some())
            .field("none_for", &self.none_for)
            .finish()
    }
}

impl Proxies {
    /// The proxy that leads to `url`; never one for this machine.
    pub(crate) fn proxy_for(&self, url: &Url) -> Option<&str> {
        let proxy = match url.scheme() {
            Scheme::Http => self.http.as_deref(),
            Scheme::Https => self.https.as_deref(),
            Scheme::Unix => None,
        }?;
        let needs_none = url.is_local()
            || self
                .none_for
                .split([',', ' '])
                .map(str::trim)
                .filter(|rule| !rule.is_empty())
                .any(|rule| covers(rule, url));
        (!proxy.is_empty() && !needs_none).then_some(proxy)
    }
}

fn covers(rule: &str, url: &Url) -> bool {
    if rule == "*" {
        return true;
    }
    let rule = rule.to_ascii_lowercase();
    let host = url.host().trim_start_matches('[').trim_end_matches(']');
    if let Some((network, bits)) = rule.split_once('/') {
        let network = network.parse::<IpAddr>().ok();
        return matches!(
            (network, bits.parse::<u32>(), host.parse::<IpAddr>()),
            (Some(network), Ok(bits), Ok(address)) if in_block(network, bits, address)
        );
    }
    let (rule, port) = match rule.rsplit_once(':') {
        // A colon before digits is a port, unless the whole is an IPv6 address.
        Some((name, port)) if !name.contains(':') || name.ends_with(']') => {
            (name.to_owned(), Some(port.to_owned()))
        }
        _ => (rule, None),
    };
    if port.is_some_and(|port| port.parse() != Ok(url.port())) {
        return false;
    }
    let rule = rule.trim_start_matches('[').trim_end_matches(']');
    if let (Ok(one), Ok(other)) = (rule.parse::<IpAddr>(), host.parse::<IpAddr>()) {
        return one == other;
    }
    let below = rule.trim_start_matches('*');
    if below.starts_with('.') {
        return host.ends_with(below);
    }
    host == rule
        || host
            .strip_suffix(rule)
            .is_some_and(|rest| rest.ends_with('.'))
}

fn in_block(network: IpAddr, bits: u32, address: IpAddr) -> bool {
    match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) if bits <= 32 => {
            let shift = 32 - bits;
            u64::from(network.to_bits()) >> shift == u64::from(address.to_bits()) >> shift
        }
        (IpAddr::V6(network), IpAddr::V6(address)) if bits <= 128 => {
            let difference = network.to_bits() ^ address.to_bits();
            difference.checked_shr(128 - bits).unwrap_or(0) == 0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_are_obeyed() {
        for (rules, url, is_direct) in [
            ("", "https://a.example/", false),
            ("*", "https://a.example/", true),
            ("a.example", "https://a.example/", true),
            ("a.example", "https://b.a.example/", true),
            ("a.example", "https://xa.example/", false),
            (".a.example", "https://a.example/", false),
            (".a.example, other", "https://b.a.example/", true),
            ("*.a.example", "https://b.a.example/", true),
            ("A.Example:8443", "https://a.example:8443/", true),
            ("a.example:8443", "https://a.example/", false),
            ("10.0.0.0/8", "https://10.2.3.4/", true),
            ("10.0.0.0/8", "https://11.2.3.4/", false),
            ("0.0.0.0/0", "https://11.2.3.4/", true),
            ("2001:db8::/32", "https://[2001:db8::5]/", true),
            ("2001:db8::5", "https://[2001:db8::5]/", true),
            ("[2001:db8::5]:5000", "https://[2001:db8::5]:5000/", true),
            ("::/0", "https://[2001:db8::5]/", true),
            ("10.0.0.0/99", "https://10.2.3.4/", false),
            ("", "https://localhost:5000/", true),
        ] {
            let proxies = Proxies {
                http: None,
                https: Some("http://u:p@proxy:3128".into()),
                none_for: rules.into(),
            };
            let url: Url = url.parse().unwrap();
            assert_eq!(
                proxies.proxy_for(&url).is_none(),
                is_direct,
                "{rules} {url}"
            );
            assert!(!format!("{proxies:?}").contains("u:p"));
        }
    }
}
