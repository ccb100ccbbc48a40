//! A user's index of Java archives: which artefact has which SHA-1.
//!
//! A text file of lines `sha1 group:artifact:version`, the sum as forty lower-case hexadecimal digits, sorted
//! by bytes (`LC_ALL=C sort`); lines that begin with `#` may stand before the first. Equal sums may have several
//! lines. The file is searched in place, so that one of all of Maven Central costs no memory.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use plimsoll_model::Sha1;

use crate::ReadSeek;

/// Longest line, with its end.
const LONGEST: u64 = 1024;
/// Most artefacts that are taken of one sum.
const MOST: usize = 64;

/// An artefact of a repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Artefact {
    /// Its group.
    pub group: String,
    /// Its name.
    pub artifact: String,
    /// Its version.
    pub version: String,
}

/// Why an index cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The file cannot be read.
    #[error("the index of Java archives cannot be read: {0}")]
    Io(#[from] io::Error),
    /// A line is not what it should be.
    #[error(
        "the index of Java archives has no `sha1 group:artifact:version` in the line at byte {at}"
    )]
    Line {
        /// Where the line begins.
        at: u64,
    },
    /// Lines are in the wrong order.
    #[error("the index of Java archives is not sorted: see the line at byte {at}")]
    Order {
        /// Where the line begins.
        at: u64,
    },
}

/// An open index.
pub struct JavaIndex {
    file: Mutex<Box<dyn ReadSeek>>,
    size: u64,
}

impl std::fmt::Debug for JavaIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JavaIndex")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// A line and where the next one begins.
struct Line {
    text: String,
    next: u64,
}

impl JavaIndex {
    /// Opens an index file and reads its first line, so that a file of another kind is refused at once.
    pub fn open(path: &Path) -> Result<Self, IndexError> {
        Self::new(Box::new(File::open(path)?))
    }

    /// An index that is read from anything with positions.
    pub fn new(mut file: Box<dyn ReadSeek>) -> Result<Self, IndexError> {
        let size = file.seek(SeekFrom::End(0))?;
        let index = Self {
            file: Mutex::new(file),
            size,
        };
        let mut at = 0;
        while at < size {
            let line = index.line(at)?;
            if !line.text.starts_with('#') {
                parse(&line.text).ok_or(IndexError::Line { at })?;
                break;
            }
            at = line.next;
        }
        Ok(index)
    }

    /// Every artefact whose archive has this sum, in the order of the file.
    pub fn artefacts(&self, sha1: &Sha1) -> Result<Vec<Artefact>, IndexError> {
        let wanted = sha1.to_string();
        let mut at = self.first(&wanted)?;
        let mut found = Vec::new();
        while at < self.size && found.len() < MOST {
            let line = self.line(at)?;
            if !line.text.starts_with(&wanted) {
                break;
            }
            let artefact = parse(&line.text).ok_or(IndexError::Line { at })?;
            found.push(artefact);
            at = line.next;
        }
        Ok(found)
    }

    /// Where the first line begins that is not before `wanted`.
    fn first(&self, wanted: &str) -> Result<u64, IndexError> {
        let (mut low, mut high) = (0, self.size);
        let (mut below, mut above) = (String::new(), String::new());
        // All lines that begin before `low` are before `wanted`, and none that begins at `high` or later.
        while low < high {
            let middle = low.midpoint(high);
            let at = self.next_begin(middle)?;
            if at >= high {
                high = middle;
                continue;
            }
            let line = self.line(at)?;
            let is_comment = line.text.starts_with('#');
            if !is_comment {
                parse(&line.text).ok_or(IndexError::Line { at })?;
            }
            if line.text < below || (!above.is_empty() && line.text > above) {
                return Err(IndexError::Order { at });
            }
            if is_comment || line.text.as_str() < wanted {
                low = line.next;
                below = line.text;
            } else {
                high = middle;
                above = line.text;
            }
        }
        Ok(low)
    }

    /// Where the first line begins at or after a position.
    fn next_begin(&self, position: u64) -> Result<u64, IndexError> {
        let Some(before) = position.checked_sub(1) else {
            return Ok(0);
        };
        let bytes = self.read(before)?;
        match bytes.iter().position(|&byte| byte == b'\n') {
            Some(end) => Ok(position.saturating_add(end as u64)),
            None if before.saturating_add(LONGEST) >= self.size => Ok(self.size),
            None => Err(IndexError::Line { at: before }),
        }
    }

    fn line(&self, at: u64) -> Result<Line, IndexError> {
        let bytes = self.read(at)?;
        let end = bytes.iter().position(|&byte| byte == b'\n');
        if end.is_none() && at.saturating_add(LONGEST) < self.size {
            return Err(IndexError::Line { at });
        }
        let text = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let text = std::str::from_utf8(text).map_err(|_| IndexError::Line { at })?;
        let length = end.map_or(bytes.len(), |end| end.saturating_add(1));
        Ok(Line {
            text: text.to_owned(),
            next: at.saturating_add(length as u64),
        })
    }

    fn read(&self, at: u64) -> Result<Vec<u8>, IndexError> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(at))?;
        let mut bytes = Vec::new();
        (&mut **file).take(LONGEST).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

fn parse(line: &str) -> Option<Artefact> {
    let (sum, name) = line.split_once(' ')?;
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if sum.len() != 40 || !sum.bytes().all(is_digit) {
        return None;
    }
    let mut parts = name.trim_end().split(':');
    let (group, artifact, version) = (parts.next()?, parts.next()?, parts.next()?);
    let is_part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+')
            })
    };
    let all = [group, artifact, version].into_iter().all(is_part);
    (all && parts.next().is_none()).then(|| Artefact {
        group: group.to_owned(),
        artifact: artifact.to_owned(),
        version: version.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(text: &str) -> Result<JavaIndex, IndexError> {
        JavaIndex::new(Box::new(io::Cursor::new(text.as_bytes().to_vec())))
    }

    fn sum(first: u8) -> Sha1 {
        let mut sum = [7; 20];
        sum[0] = first;
        Sha1(sum)
    }

    fn line(first: u8, name: &str) -> String {
        format!("{first:02x}{} {name}\n", "07".repeat(19))
    }

    #[test]
    fn every_line_is_found_and_nothing_else() {
        for comments in ["", "# a\n", "# a\n#\n# more of it, and longer\n"] {
            for count in 0..40_u8 {
                let mut text = comments.to_owned();
                for n in 0..count {
                    let artifact = "a".repeat(1 + usize::from(n) % 7);
                    text.push_str(&line(n * 2, &format!("g:{artifact}:{n}")));
                }
                for text in [&text, text.trim_end()] {
                    let index = index(text).unwrap();
                    for n in 0..=80_u8 {
                        let found = index.artefacts(&sum(n)).unwrap();
                        let expected = usize::from(n % 2 == 0 && n / 2 < count);
                        assert_eq!(found.len(), expected, "{count} {n}");
                        assert!(
                            found
                                .iter()
                                .all(|found| found.version == (n / 2).to_string())
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn one_sum_may_have_several_artefacts() {
        let text = [
            line(1, "a:a:1"),
            line(2, "b:b:1"),
            line(2, "c:b:1"),
            line(3, "d:d:1"),
        ];
        let found = index(&text.concat()).unwrap().artefacts(&sum(2)).unwrap();
        let groups: Vec<&str> = found.iter().map(|found| found.group.as_str()).collect();
        assert_eq!(groups, ["b", "c"]);
    }

    #[test]
    fn files_of_another_kind_are_refused() {
        for text in [
            "PK\x03\x04",
            "a b\n",
            &line(1, "g:a"),
            &line(1, "g:a:1:2"),
            &"x".repeat(5000),
        ] {
            assert!(
                matches!(index(text), Err(IndexError::Line { at: 0 })),
                "{text}"
            );
        }
        let upper = line(0xab, "g:a:1").to_uppercase();
        assert!(index(&upper).is_err());
    }

    #[test]
    fn damage_and_disorder_are_said() {
        let good: String = (0..20).map(|n| line(n * 2, "g:a:1")).collect();
        let damaged = good.replacen(&line(20, "g:a:1"), "rubbish\n", 1);
        let found = index(&damaged).unwrap().artefacts(&sum(21));
        assert!(matches!(found, Err(IndexError::Line { .. })), "{found:?}");
        let turned: String = (0..20).rev().map(|n| line(n * 2, "g:a:1")).collect();
        let turned = index(&turned).unwrap();
        let said =
            (0..40).any(|n| matches!(turned.artefacts(&sum(n)), Err(IndexError::Order { .. })));
        assert!(said);
    }
}
