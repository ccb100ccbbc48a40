//! Files of a library that tell its version.

use std::collections::BTreeMap;

/// A file, and how it tells the version of the library.
#[derive(Debug)]
pub(in super::super) enum Told {
    /// A text constant of a class, below the library's root and without its suffix. It begins with `before`,
    /// and the rest is the version.
    Constant {
        /// The class.
        class: &'static str,
        /// What stands before the version.
        before: &'static str,
        /// Versions of something else that stand there too.
        except: &'static str,
    },
    /// A property (`java.util.Properties`) of a file below the library's root, or of one in `META-INF/`, which
    /// no tool moves.
    Property {
        /// The file.
        file: &'static str,
        /// The key.
        key: &'static str,
        /// What stands before the version in the value.
        before: &'static str,
    },
    /// The whole text of a file below the library's root.
    Text {
        /// The file.
        file: &'static str,
    },
}

impl Told {
    /// The path below the library's root.
    pub(super) fn file(&self) -> &'static str {
        match self {
            Self::Constant { class, .. } => class,
            Self::Property { file, .. } | Self::Text { file } => file,
        }
    }

    /// Whether the path is the whole path in the archive.
    pub(super) fn is_fixed(&self) -> bool {
        self.file().starts_with("META-INF/")
    }

    /// The version, if the file tells exactly one.
    pub(in super::super) fn version(&self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Constant { before, except, .. } => {
                let mut found = constants(bytes)
                    .filter_map(|text| text.strip_prefix(before))
                    .filter(|text| is_release(text) && !except.split(' ').any(|not| not == *text));
                let version = found.next()?;
                // The same text is one constant.
                found.next().is_none().then(|| version.to_owned())
            }
            Self::Property { key, before, .. } => {
                let text = String::from_utf8_lossy(bytes);
                let values: BTreeMap<&str, &str> = text
                    .lines()
                    .filter(|line| !line.trim_start().starts_with(['#', '!']))
                    .filter_map(|line| line.split_once('='))
                    .map(|(key, value)| (key.trim(), value.trim()))
                    .collect();
                let version = values.get(key)?.strip_prefix(before)?;
                is_release(version).then(|| version.to_owned())
            }
            Self::Text { .. } => {
                let text = std::str::from_utf8(bytes).ok()?.trim();
                is_release(text).then(|| text.to_owned())
            }
        }
    }
}

/// Whether a text is the version of a release: numbers with dots, and perhaps a word after them.
fn is_release(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (numbers, rest) = text.split_at(end.unwrap_or(text.len()));
    let numbers = numbers.strip_suffix('.').unwrap_or(numbers);
    text.len() <= 64
        && numbers.contains('.')
        && numbers.split('.').all(|number| !number.is_empty())
        && rest
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// The texts in the constant pool of a class (Java Virtual Machine Specification, section 4.4), up to where
/// it is cut off or damaged.
fn constants(class: &[u8]) -> impl Iterator<Item = &str> {
    let pool = class
        .strip_prefix(b"\xca\xfe\xba\xbe")
        .and_then(|rest| rest.get(4..));
    let pool = pool.and_then(<[u8]>::split_first_chunk::<2>);
    let (count, mut rest) = pool.map_or((0, Default::default()), |(count, rest)| {
        (u16::from_be_bytes(*count), rest)
    });
    let mut left = count.saturating_sub(1);
    std::iter::from_fn(move || {
        while left > 0 {
            let (tag, after) = rest.split_first()?;
            // Numbers of eight bytes take two places.
            left = left.saturating_sub(if matches!(tag, 5 | 6) { 2 } else { 1 });
            let length = match tag {
                1 => {
                    let (length, after) = after.split_first_chunk::<2>()?;
                    let length = usize::from(u16::from_be_bytes(*length));
                    let (text, after) = after.split_at_checked(length)?;
                    rest = after;
                    // Texts that are not plain are none of a version.
                    match std::str::from_utf8(text) {
                        Ok(text) => return Some(text),
                        Err(_) => continue,
                    }
                }
                3 | 4 | 9..=12 | 17 | 18 => 4,
                5 | 6 => 8,
                7 | 8 | 16 | 19 | 20 => 2,
                15 => 3,
                _ => return None,
            };
            rest = after.get(length..)?;
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A class with these texts in its pool.
    fn class(texts: &[&str]) -> Vec<u8> {
        let mut bytes = b"\xca\xfe\xba\xbe\0\0\0\x34\0".to_vec();
        bytes.push(u8::try_from(texts.len() + 4).unwrap());
        bytes.extend(b"\x05\0\0\0\0\0\0\0\x01\x08\0\x01");
        for text in texts {
            bytes.push(1);
            bytes.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
            bytes.extend(text.as_bytes());
        }
        bytes.extend(b"\x01\0\x051.2.3");
        bytes
    }

    #[test]
    fn a_constant_tells_the_version_if_it_is_the_only_one() {
        let told = Told::Constant {
            class: "a/Version",
            before: "",
            except: "8.2.23",
        };
        assert_eq!(
            told.version(&class(&["Code", "2.14.0", "8.2.23"])).unwrap(),
            "2.14.0"
        );
        assert_eq!(told.version(&class(&["2.14.0", "1.0"])), None);
        assert_eq!(
            told.version(&class(&["Code", "2", "1.", ".1", "1..2"])),
            None
        );
        assert_eq!(told.version(b""), None);
        let whole = class(&["Code", "2.14.0-rc1"]);
        assert_eq!(told.version(&whole).unwrap(), "2.14.0-rc1");
        for end in 0..whole.len() - 8 {
            assert_eq!(told.version(&whole[..end]), None, "{end}");
        }
    }

    #[test]
    fn properties_and_texts_tell_versions() {
        let told = Told::Property {
            file: "META-INF/a.properties",
            key: "server.info",
            before: "Apache Tomcat/",
        };
        assert!(told.is_fixed());
        let file = b"# server.info=Apache Tomcat/1.0\r\nserver.info = Apache Tomcat/9.0.70\r\n";
        assert_eq!(told.version(file).unwrap(), "9.0.70");
        assert_eq!(told.version(b"server.info=${info}"), None);
        let told = Told::Text {
            file: "a/version.txt",
        };
        assert_eq!(told.version(b"5.17.2\n").unwrap(), "5.17.2");
        assert_eq!(told.version(b"\xff"), None);
    }
}
