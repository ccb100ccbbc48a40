//! The accounts and groups of an image: `passwd(5)`, `shadow(5)`, `group(5)`.
//!
//! The password field is never kept; that it is empty, so that no password is asked for, is a fact of its own.

use plimsoll_analyze::{Analyzer, File, Interest, Meta, Sink};
use plimsoll_model::Effect;
use plimsoll_model::fact::{Account, FactBody, Group};

use super::{Extent, Ledger, Lines, text};

/// Reads `etc/passwd`, `etc/shadow` and `etc/group`.
#[derive(Debug)]
pub struct Passwd;

static META: Meta = Meta {
    id: "os/passwd",
    revision: 2,
    docs: "Reads the user accounts of the image, so that the user that a container starts as can be \
           resolved to a number, which of them need no password, and the groups. Passwords are never kept.",
    interest: Interest {
        paths: &["etc/passwd", SHADOW, GROUP],
        names: &[],
        suffixes: &[],
        under: &[],
        executables: plimsoll_analyze::Executables::Ignored,
    },
    limit: 4 << 20,
    loss: Effect::Gap,
};

const SHADOW: &str = "etc/shadow";
const GROUP: &str = "etc/group";

impl Analyzer for Passwd {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let parse = match file.path.as_str() {
            SHADOW => parse_shadow,
            GROUP => parse_group,
            _ => parse_passwd,
        };
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
                    match parse(trimmed) {
                        Ok(said) => said.into_iter().for_each(|body| ledger.sink.fact(body)),
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
    #[error("has too few fields")]
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

/// An account, and whether it needs no password.
fn parse_passwd(line: &[u8]) -> Result<Vec<FactBody>, Odd> {
    let account = parse_account(line)?;
    let passwordless = has_no_password(line).then(|| FactBody::Passwordless(account.name.clone()));
    let account = FactBody::Account(account);
    Ok(std::iter::once(account).chain(passwordless).collect())
}

/// `name:password:…`, of which only that the password is empty is told (`shadow(5)`: "no passwords are required to
/// authenticate").
fn parse_shadow(line: &[u8]) -> Result<Vec<FactBody>, Odd> {
    let mut fields = line.split(|&byte| byte == b':');
    let name = named(fields.next().unwrap_or_default())?;
    if fields.next().is_none() {
        return Err(Odd::Short);
    }
    let passwordless = has_no_password(line).then_some(FactBody::Passwordless(name));
    Ok(passwordless.into_iter().collect())
}

/// `name:password:gid:members`.
fn parse_group(line: &[u8]) -> Result<Vec<FactBody>, Odd> {
    let mut fields = line.split(|&byte| byte == b':');
    let name = named(fields.next().unwrap_or_default())?;
    let Some(gid) = fields.nth(1) else {
        return Err(Odd::Short);
    };
    let group = Group {
        name,
        gid: parse_id(gid)?,
    };
    Ok(vec![FactBody::Group(group)])
}

fn has_no_password(line: &[u8]) -> bool {
    line.split(|&byte| byte == b':')
        .nth(1)
        .is_some_and(<[u8]>::is_empty)
}

/// The name in the first field of a line.
fn named(field: &[u8]) -> Result<String, Odd> {
    if field.starts_with(b"+") || field.starts_with(b"-") {
        return Err(Odd::Nis);
    }
    let name = text(field);
    if name.is_empty() {
        return Err(Odd::Nameless);
    }
    Ok(name)
}

/// `name:password:uid:gid:comment:home:shell`; what follows the group id may be missing, as container
/// runtimes take such lines too.
fn parse_account(line: &[u8]) -> Result<Account, Odd> {
    let mut fields = line.split(|&byte| byte == b':');
    let name = named(fields.next().unwrap_or_default())?;
    let (Some(_password), Some(uid), Some(gid)) = (fields.next(), fields.next(), fields.next())
    else {
        return Err(Odd::Short);
    };
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
    fn an_empty_password_is_told_and_no_other() {
        let of = |parse: fn(&[u8]) -> Result<Vec<FactBody>, Odd>, line: &[u8]| {
            let said = parse(line).unwrap().into_iter();
            said.filter(|body| matches!(body, FactBody::Passwordless(_)))
                .collect::<Vec<_>>()
        };
        let root = vec![FactBody::Passwordless("root".into())];
        assert_eq!(of(parse_shadow, b"root:::0:::::"), root);
        assert_eq!(of(parse_shadow, b"root:*:1:0:::::"), []);
        assert_eq!(of(parse_shadow, b"root:!::0:::::"), []);
        assert_eq!(of(parse_passwd, b"root::0:0:root:/root:/bin/sh"), root);
        assert_eq!(of(parse_passwd, b"root:x:0:0:root:/root:/bin/sh"), []);
        let wheel = Group {
            name: "wheel".into(),
            gid: 10,
        };
        assert_eq!(
            parse_group(b"wheel:x:10:root").unwrap(),
            [FactBody::Group(wheel)]
        );
        assert_eq!(parse_group(b"wheel:x"), Err(Odd::Short));
        assert_eq!(parse_shadow(b"+"), Err(Odd::Nis));
        assert_eq!(parse_shadow(b"root"), Err(Odd::Short));
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
