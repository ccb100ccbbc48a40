//! Applications of Erlang and Elixir releases: `ebin/<name>.app`.
//!
//! Source: Erlang/OTP, `app(4)`: `{application, name, [{vsn, "1.2.3"}, {applications, [kernel, stdlib]}, …]}.`
//! The resource file lies beside the compiled modules of every application, that of OTP itself among them.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};

use super::document::{self, Listing};

/// Applications of Erlang releases.
#[derive(Debug)]
pub struct Otp;

static META: Meta = Meta {
    id: "lang/otp",
    revision: 1,
    docs: "Reads the resource files (`ebin/*.app`) of applications in Erlang and Elixir releases.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[("**/ebin/", ".app")],
        executables: Executables::Ignored,
    },
    limit: 4 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Otp {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let folder = file.path.as_str().rsplit('/').nth(1);
        if folder != Some("ebin") {
            return;
        }
        let Some(text) = document::text(file, sink) else {
            return;
        };
        let tokens = tokens(&text);
        let after = |key: &str| {
            tokens
                .windows(2)
                .position(|pair| pair == ["{", key])
                .and_then(|at| tokens.get(at.saturating_add(2)..))
                .unwrap_or_default()
        };
        let mut list = Listing::new(Ecosystem::Otp, EvidenceKind::Installed);
        let first = |key| match after(key).first() {
            Some(token) if !"{}[]".contains(token) => *token,
            _ => "",
        };
        list.add_with(first("application"), first("vsn"), |package| {
            package.depends = after("applications")
                .iter()
                .skip(1)
                .take_while(|token| **token != "]")
                .map(|token| (*token).to_owned())
                .collect();
        });
        list.state(sink);
    }
}

/// Most tokens of one file; long lists of modules come after what matters, or before.
const MOST_TOKENS: usize = 200_000;

/// Brackets, atoms and strings without their quotes; commas and comments are left out.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while tokens.len() < MOST_TOKENS {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        let Some(first) = rest.chars().next() else {
            break;
        };
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        match first {
            '%' => rest = after.split_once('\n').map_or("", |(_, rest)| rest),
            '{' | '}' | '[' | ']' => {
                tokens.push(rest.get(..1).unwrap_or_default());
                rest = after;
            }
            '"' | '\'' => {
                let (inside, more) = after.split_once(first).unwrap_or((after, ""));
                tokens.push(inside);
                rest = more;
            }
            _ => {
                let end = rest
                    .find(|c: char| c.is_whitespace() || "{}[],%\"'".contains(c))
                    .unwrap_or(rest.len());
                let (word, more) = rest.split_at_checked(end).unwrap_or((rest, ""));
                tokens.push(word);
                rest = more;
            }
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_cut_into_tokens() {
        assert_eq!(
            tokens("% {no}\n{application,'a b',[{vsn, \"1.0\"}]}.\"open"),
            [
                "{",
                "application",
                "a b",
                "[",
                "{",
                "vsn",
                "1.0",
                "}",
                "]",
                "}",
                ".",
                "open"
            ]
        );
    }
}
