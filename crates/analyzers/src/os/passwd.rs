//! The accounts of an image, `passwd(5)`.
//!
//! The password field is read over and never kept.

use plimsoll_analyze::{Analyzer, File, Interest, Meta, Sink};
use plimsoll_model::Effect;
use plimsoll_model::fact::{Account, FactBody};

use super::{Extent, Ledger, Lines, text};

/// Reads `etc/passwd`.
#[derive(Debug)]
pub struct Passwd;

static META: Meta = Meta {
    id: "os/passwd",
    revision: 1,
    docs: "Reads the user accounts of the image, so that the user that a container starts as can be \
           resolved to a number. Passwords are never kept.",
    interest: Interest {
        paths: &["etc/passwd"],
        names: &[],
        suffixes: &[],
        under: &[],
        executables: plimsoll_analyze::Executables::Ignored,
    },
    limit: 4 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Passwd {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let mut ledger = Ledger::new(sink);
        let mut lines = Lines::of(file);
        loop {
            match lines.next() {
                Ok(None) => break,
                Ok(Some(line)) => {
                    let trimmed = line.bytes.trim_ascii();
                    if trimmed.is_empty() || trimmed.starts_with(b"#") {
                        continue;
                    }
                    let number = line.number;
                    if line.extent == Extent::Cut {
                        ledger.unreadable(META.loss, || format!("line {number} is too long"));
                        continue;
                    }
                    match parse_account(trimmed) {
                        Ok(account) => ledger.sink.fact(FactBody::Account(account)),
                        Err(odd) => {
                            ledger.unreadable(odd.effect(), || format!("line {number} {odd}"));
                        }
                    }
                }
                Err(error) => {
                    ledger.unreadable(META.loss, || format!("cannot be read: {error}"));
                    break;
                }
            }
        }
        ledger.close();
    }
}

/// Why a line is not an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Odd {
    /// Compatibility entries of NIS begin with a sign, `nsswitch.conf(5)`; containers have no NIS.
    #[error("refers to NIS")]
    Nis,
    #[error("has fewer than four fields")]
    Short,
    #[error("has no name")]
    Nameless,
    /// Container runtimes differ on such a line; some read a broken number as 0, which is root.
    #[error("has a user or group id that is not a number")]
    Number,
}

impl Odd {
    fn effect(self) -> Effect {
        match self {
            Self::Nis => Effect::Note,
            Self::Short | Self::Nameless | Self::Number => META.loss,
        }
    }
}

/// `name:password:uid:gid:comment:home:shell`; what follows the group id may be missing, as container
/// runtimes take such lines too.
fn parse_account(line: &[u8]) -> Result<Account, Odd> {
    if line.starts_with(b"+") || line.starts_with(b"-") {
        return Err(Odd::Nis);
    }
    let mut fields = line.split(|&byte| byte == b':');
    let (Some(name), Some(_password), Some(uid), Some(gid)) =
        (fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return Err(Odd::Short);
    };
    let name = text(name);
    if name.is_empty() {
        return Err(Odd::Nameless);
    }
    let _comment = fields.next();
    Ok(Account {
        name,
        uid: parse_id(uid)?,
        gid: parse_id(gid)?,
        home: text(fields.next().unwrap_or_default()),
        shell: text(fields.next().unwrap_or_default()),
    })
}

fn parse_id(field: &[u8]) -> Result<u32, Odd> {
    // `u32::from_str` also takes a plus sign.
    if !field.first().is_some_and(u8::is_ascii_digit) {
        return Err(Odd::Number);
    }
    std::str::from_utf8(field)
        .ok()
        .and_then(|digits| digits.parse().ok())
        .ok_or(Odd::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_gives_an_account_without_its_password() {
        let account = parse_account(b"app:$6$hash:1000:1001:An App:/home/app:/bin/sh").unwrap();
        assert_eq!(
            account,
            Account {
                name: "app".into(),
                uid: 1000,
                gid: 1001,
                home: "/home/app".into(),
                shell: "/bin/sh".into(),
            }
        );
        let short = parse_account(b"nobody:x:65534:65534").unwrap();
        assert_eq!((short.home.as_str(), short.shell.as_str()), ("", ""));
    }

    #[test]
    fn odd_lines_are_told_apart() {
        for (line, odd) in [
            (&b"+::::::"[..], Odd::Nis),
            (b"root:x:0", Odd::Short),
            (b":x:0:0::/:/bin/sh", Odd::Nameless),
            (b"toor:x:zero:0:::", Odd::Number),
            (b"toor:x:-1:0:::", Odd::Number),
            (b"toor:x:+0:0:::", Odd::Number),
            (b"toor:x:4294967296:0:::", Odd::Number),
            (b"toor:x::0:::", Odd::Number),
        ] {
            assert_eq!(parse_account(line), Err(odd));
        }
    }
}
