//! Pax extended headers: `length key=value` records about the next entry (IEEE Std 1003.1-2017, `pax`,
//! "pax Extended Header").

/// What headers before an entry's own say about it.
#[derive(Debug, Default)]
pub(super) struct Extensions {
    pub(super) pax: Pax,
    /// A GNU `L` header.
    pub(super) long_name: Option<Vec<u8>>,
    /// A GNU `K` header.
    pub(super) long_link: Option<Vec<u8>>,
}

impl Extensions {
    pub(super) fn is_empty(&self) -> bool {
        self.long_name.is_none() && self.long_link.is_none() && !self.pax.seen
    }
}

/// The records of a pax header that matter here. A record with an empty value is as if it were not there.
#[derive(Debug, Default)]
pub(super) struct Pax {
    /// Whether there was a header at all.
    pub(super) seen: bool,
    pub(super) path: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) uid: Option<u64>,
    pub(super) gid: Option<u64>,
    pub(super) mtime: Option<i64>,
    /// The extended attribute `security.capability`, binary.
    pub(super) capability: Option<Vec<u8>>,
    pub(super) sparse: PaxSparse,
}

/// The records about sparse files (GNU tar manual, "Storing Sparse Files").
#[derive(Debug, Default)]
pub(super) struct PaxSparse {
    pub(super) major: Option<u64>,
    pub(super) minor: Option<u64>,
    /// The real name, in versions 0.1 and 1.0.
    pub(super) name: Option<Vec<u8>>,
    /// The size with all holes: `GNU.sparse.size` or `GNU.sparse.realsize`.
    pub(super) size: Option<u64>,
    /// Offset and length of each segment, in versions 0.0 and 0.1.
    pub(super) map: Option<Vec<(u64, u64)>>,
    /// An offset that waits for its length, in version 0.0.
    offset: Option<u64>,
}

/// Reads all records, or says what is wrong with them.
pub(super) fn parse(mut bytes: &[u8]) -> Result<Pax, &'static str> {
    let mut pax = Pax {
        seen: true,
        ..Pax::default()
    };
    while !bytes.is_empty() {
        let (record, rest) = split_record(bytes).ok_or("a pax record has no valid length")?;
        let equals = record
            .iter()
            .position(|&byte| byte == b'=')
            .ok_or("a pax record has no `=`")?;
        let (key, value) = record.split_at(equals);
        pax.set(key, value.get(1..).unwrap_or_default())?;
        bytes = rest;
    }
    Ok(pax)
}

/// Splits off `length key=value\n`; answers `key=value` and what follows.
fn split_record(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = bytes.iter().take(20).position(|&byte| byte == b' ')?;
    let length = usize::try_from(decimal(bytes.get(..space)?)?).ok()?;
    let (record, rest) = bytes.split_at_checked(length)?;
    let record = record.get(space.checked_add(1)?..)?.strip_suffix(b"\n")?;
    Some((record, rest))
}

/// A number of decimal digits.
pub(super) fn decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0u64, |value, &digit| {
        let digit = digit.checked_sub(b'0').filter(|&digit| digit < 10)?;
        value.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

/// Whole seconds of a time such as `-12.75`, rounded down.
fn seconds(text: &[u8]) -> Option<i64> {
    let (negative, text) = match text.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = match text.iter().position(|&byte| byte == b'.') {
        Some(at) => (text.get(..at)?, text.get(at.checked_add(1)?..)?),
        None => (text, &[][..]),
    };
    let whole = i64::try_from(decimal(whole)?).ok()?;
    if !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    if !negative {
        return Some(whole);
    }
    let down = i64::from(fraction.iter().any(|&digit| digit != b'0'));
    whole.checked_neg()?.checked_sub(down)
}

impl Pax {
    fn set(&mut self, key: &[u8], value: &[u8]) -> Result<(), &'static str> {
        let bytes = || (!value.is_empty()).then(|| value.to_vec());
        let number = |reason| {
            if value.is_empty() {
                Ok(None)
            } else {
                decimal(value).map(Some).ok_or(reason)
            }
        };
        let sparse = "a pax record about a sparse file is not a number";
        match key {
            b"path" => self.path = clean(bytes())?,
            b"linkpath" => self.link = clean(bytes())?,
            b"size" => self.size = number("its pax size is not a number")?,
            b"uid" => self.uid = number("its pax user id is not a number")?,
            b"gid" => self.gid = number("its pax group id is not a number")?,
            b"mtime" => {
                self.mtime = match value {
                    [] => None,
                    _ => Some(seconds(value).ok_or("its pax time is not a number")?),
                };
            }
            b"SCHILY.xattr.security.capability" => self.capability = bytes(),
            b"GNU.sparse.major" => self.sparse.major = number(sparse)?,
            b"GNU.sparse.minor" => self.sparse.minor = number(sparse)?,
            b"GNU.sparse.name" => self.sparse.name = clean(bytes())?,
            b"GNU.sparse.size" | b"GNU.sparse.realsize" => self.sparse.size = number(sparse)?,
            b"GNU.sparse.map" => self.sparse.map = Some(pairs(value).ok_or(sparse)?),
            b"GNU.sparse.offset" => self.sparse.offset = number(sparse)?,
            b"GNU.sparse.numbytes" => {
                let segment = self
                    .sparse
                    .offset
                    .take()
                    .zip(decimal(value))
                    .ok_or(sparse)?;
                self.sparse.map.get_or_insert_default().push(segment);
            }
            _ => {}
        }
        Ok(())
    }
}

/// A name must not have a NUL in it (Go's `archive/tar` refuses it, and no filesystem could keep it).
fn clean(name: Option<Vec<u8>>) -> Result<Option<Vec<u8>>, &'static str> {
    match &name {
        Some(bytes) if bytes.contains(&0) => Err("a pax name contains a NUL"),
        _ => Ok(name),
    }
}

/// `offset,length,offset,length…` of version 0.1.
fn pairs(text: &[u8]) -> Option<Vec<(u64, u64)>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let mut numbers = text.split(|&byte| byte == b',').map(decimal);
    let mut map = Vec::new();
    while let Some(offset) = numbers.next() {
        map.push((offset?, numbers.next()??));
    }
    Some(map)
}
