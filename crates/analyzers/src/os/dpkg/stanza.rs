//! One stanza of a control file, as far as it matters here (`deb822(5)`).

use super::super::text;

/// The fields of one stanza that matter, empty where it has none.
#[derive(Debug, Default)]
pub(in crate::os) struct Stanza {
    /// Line at which it begins; 0 before any line is read.
    pub(in crate::os) line: u64,
    pub(in crate::os) package: String,
    pub(in crate::os) status: String,
    pub(in crate::os) version: String,
    pub(in crate::os) architecture: String,
    pub(in crate::os) source: String,
    /// `OpenWrt`'s name of the source package.
    pub(in crate::os) source_name: String,
    /// Only opkg writes it.
    pub(in crate::os) license: String,
    pub(in crate::os) maintainer: String,
    pub(in crate::os) origin: String,
    pub(in crate::os) depends: String,
    pub(in crate::os) pre_depends: String,
    pub(in crate::os) provides: String,
    /// The field that a continuation line belongs to.
    pub(in crate::os) last: Last,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::os) enum Last {
    /// No field has begun.
    #[default]
    None,
    /// A field that is not kept, or one that has no second line.
    Other,
    Depends,
    PreDepends,
    Provides,
}

/// Longest list of dependencies that is kept.
const DEPENDS_BYTES: usize = 1 << 20;

/// Whether a line is the field `Package`.
pub(in crate::os) fn names_a_package(line: &[u8]) -> bool {
    line.get(..8)
        .is_some_and(|start| start.eq_ignore_ascii_case(b"package:"))
}

impl Stanza {
    /// Whether the stanza has a name already.
    pub(in crate::os) fn is_named(&self) -> bool {
        !self.package.is_empty()
    }

    /// Takes one line; says what is wrong with it, if anything is.
    pub(in crate::os) fn take(&mut self, line: &[u8], number: u64) -> Option<&'static str> {
        if self.line == 0 {
            self.line = number;
        }
        match line {
            [b' ' | b'\t', more @ ..] => self.continue_with(more),
            [b'#', ..] => None,
            _ => self.begin_field(line),
        }
    }

    fn continue_with(&mut self, more: &[u8]) -> Option<&'static str> {
        let field = match self.last {
            Last::None => return Some("continues a field that has not begun"),
            Last::Other => return None,
            Last::Depends => &mut self.depends,
            Last::PreDepends => &mut self.pre_depends,
            Last::Provides => &mut self.provides,
        };
        if field.len().saturating_add(more.len()) > DEPENDS_BYTES {
            return Some("makes a list of dependencies too long");
        }
        field.push(' ');
        field.push_str(&text(more));
        None
    }

    fn begin_field(&mut self, line: &[u8]) -> Option<&'static str> {
        let colon = memchr::memchr(b':', line);
        let Some((name, [_, value @ ..])) = colon.and_then(|at| line.split_at_checked(at)) else {
            self.last = Last::Other;
            return Some("is neither a field nor the continuation of one");
        };
        self.last = Last::Other;
        // Field names are the same in any case (`deb822(5)`); no name below is longer.
        let mut lower = [0; 16];
        let lower = lower.get_mut(..name.len())?;
        lower.copy_from_slice(name);
        lower.make_ascii_lowercase();
        let field = match &*lower {
            b"package" => &mut self.package,
            b"status" => &mut self.status,
            b"version" => &mut self.version,
            b"architecture" => &mut self.architecture,
            b"source" => &mut self.source,
            b"sourcename" => &mut self.source_name,
            b"license" => &mut self.license,
            b"maintainer" => &mut self.maintainer,
            b"origin" => &mut self.origin,
            b"depends" => {
                self.last = Last::Depends;
                &mut self.depends
            }
            b"pre-depends" => {
                self.last = Last::PreDepends;
                &mut self.pre_depends
            }
            b"provides" => {
                self.last = Last::Provides;
                &mut self.provides
            }
            _ => return None,
        };
        *field = text(value);
        None
    }
}
