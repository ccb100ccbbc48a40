//! A reader of what PHP's `serialize` writes, of the part that records need: `N;`, `b:1;`, `i:1;`, `d:0.5;`,
//! `s:3:"abc";` and `a:1:{key value}`.
//!
//! Objects (`O:`, `C:`, `E:`) and references (`R:`, `r:`) occur in no record and are refused: nothing is ever
//! made of a class's name. Lengths are bytes and are checked against what is there before anything is taken.

/// Deepest array that is read.
const DEEPEST: usize = 32;

/// Most values in one record; a record of a large package with all its files has some ten thousand.
const MOST: usize = 500_000;

/// Why a record cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum SerializedError {
    /// The text ends within a value.
    #[error("cut off")]
    Cut,
    /// Something stands where a value should be.
    #[error("not a serialized value at byte {0}")]
    Strange(usize),
    /// More than is read.
    #[error("too deep or too many values")]
    TooMuch,
}

/// A serialized value.
#[derive(Debug)]
pub(super) enum Value<'a> {
    /// A string of bytes.
    Text(&'a [u8]),
    /// An array in its order; keys that are numbers are kept as written.
    Array(Vec<(&'a [u8], Value<'a>)>),
    /// Anything else, which no record needs.
    Other,
}

impl<'a> Value<'a> {
    /// The value at a key; of equal keys the last one, as PHP does it.
    pub(super) fn at(&self, key: &str) -> Option<&Self> {
        let Self::Array(pairs) = self else {
            return None;
        };
        let found = pairs.iter().rev().find(|(name, _)| *name == key.as_bytes());
        found.map(|(_, value)| value)
    }

    /// The values of an array.
    pub(super) fn values(&self) -> impl Iterator<Item = &Self> {
        let pairs: &[(&'a [u8], Self)] = match self {
            Self::Array(pairs) => pairs,
            _ => &[],
        };
        pairs.iter().map(|(_, value)| value)
    }

    /// The first value of an array.
    pub(super) fn first(&self) -> Option<&Self> {
        self.values().next()
    }

    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        }
    }
}

/// Reads one value; what follows it does not matter.
pub(super) fn parse(bytes: &[u8]) -> Result<Value<'_>, SerializedError> {
    let mut reader = Reader {
        bytes,
        at: 0,
        left: MOST,
    };
    reader.value(0)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    left: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Result<Value<'a>, SerializedError> {
        self.left = self.left.checked_sub(1).ok_or(SerializedError::TooMuch)?;
        let start = self.at;
        match self.byte()? {
            b'N' => {
                self.expect(b';')?;
                Ok(Value::Other)
            }
            b'b' | b'i' | b'd' => {
                self.expect(b':')?;
                self.until(b';')?;
                Ok(Value::Other)
            }
            b's' => {
                let text = self.string()?;
                self.expect(b';')?;
                Ok(Value::Text(text))
            }
            b'a' if depth < DEEPEST => self.array(depth),
            b'a' => Err(SerializedError::TooMuch),
            _ => Err(SerializedError::Strange(start)),
        }
    }

    /// `:COUNT:{` pairs `}`.
    fn array(&mut self, depth: usize) -> Result<Value<'a>, SerializedError> {
        self.expect(b':')?;
        let count = self.number()?;
        self.expect(b'{')?;
        let mut pairs = Vec::new();
        for _ in 0..count {
            let key = self.key()?;
            pairs.push((key, self.value(depth.saturating_add(1))?));
        }
        self.expect(b'}')?;
        Ok(Value::Array(pairs))
    }

    fn key(&mut self) -> Result<&'a [u8], SerializedError> {
        let start = self.at;
        match self.byte()? {
            b'i' => {
                self.expect(b':')?;
                self.until(b';')
            }
            b's' => {
                let text = self.string()?;
                self.expect(b';')?;
                Ok(text)
            }
            _ => Err(SerializedError::Strange(start)),
        }
    }

    /// `:LENGTH:"BYTES"`.
    fn string(&mut self) -> Result<&'a [u8], SerializedError> {
        self.expect(b':')?;
        let length = self.number()?;
        self.expect(b'"')?;
        let end = self.at.checked_add(length).ok_or(SerializedError::Cut)?;
        let text = self.bytes.get(self.at..end).ok_or(SerializedError::Cut)?;
        self.at = end;
        self.expect(b'"')?;
        Ok(text)
    }

    /// Digits and the colon after them.
    fn number(&mut self) -> Result<usize, SerializedError> {
        let start = self.at;
        let digits = self.until(b':')?;
        std::str::from_utf8(digits)
            .ok()
            .and_then(|digits| digits.parse().ok())
            .ok_or(SerializedError::Strange(start))
    }

    /// The bytes before the next mark, which is taken too. No number is longer than this looks.
    fn until(&mut self, mark: u8) -> Result<&'a [u8], SerializedError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let found = rest.iter().take(40).position(|&byte| byte == mark);
        let length = found.ok_or(SerializedError::Cut)?;
        self.at = self.at.saturating_add(length).saturating_add(1);
        Ok(rest.get(..length).unwrap_or_default())
    }

    fn byte(&mut self) -> Result<u8, SerializedError> {
        let byte = *self.bytes.get(self.at).ok_or(SerializedError::Cut)?;
        self.at = self.at.saturating_add(1);
        Ok(byte)
    }

    fn expect(&mut self, byte: u8) -> Result<(), SerializedError> {
        let start = self.at;
        if self.byte()? == byte {
            Ok(())
        } else {
            Err(SerializedError::Strange(start))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_of_texts_are_read() {
        let value =
            parse(b"a:3:{s:4:\"name\";s:3:\"A\"B\";i:0;i:-5;s:1:\"v\";a:1:{s:1:\"r\";s:1:\"1\";}}");
        let value = value.unwrap();
        assert_eq!(value.at("name").and_then(Value::text).unwrap(), "A\"B");
        assert_eq!(value.at("v").and_then(|v| v.at("r")?.text()).unwrap(), "1");
    }

    #[test]
    fn what_is_no_record_is_refused() {
        for (bytes, expected) in [
            (&b"a:1:{s:99:\"x\";N;}"[..], SerializedError::Cut),
            (b"a:99999999999:{", SerializedError::Cut),
            (b"s:18446744073709551615:\"x\";", SerializedError::Cut),
            (b"O:8:\"stdClass\":0:{}", SerializedError::Strange(0)),
            (b"a:1:{N;N;}", SerializedError::Strange(5)),
            (b"", SerializedError::Cut),
        ] {
            assert_eq!(parse(bytes).unwrap_err(), expected);
        }
        let deep = b"a:1:{i:0;".repeat(100);
        assert_eq!(parse(&deep).unwrap_err(), SerializedError::TooMuch);
    }
}
