//! Writes a file of bbolt, the store of keys and values in which Trivy keeps its advisories.
//!
//! All at once and never changed again: no transactions, no free pages. The format is that of bbolt's version 2
//! (<https://pkg.go.dev/go.etcd.io/bbolt>): pages of equal size, of which the first two are copies of the head
//! and the third would list free pages; a bucket is a tree of pages with sorted keys, or lies within its own
//! entry where it is small.

use std::collections::BTreeMap;

/// A bucket: names with values or with further buckets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bucket(BTreeMap<String, Entry>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    Value(Vec<u8>),
    Bucket(Bucket),
}

const PAGE: usize = 4096;
const PAGE_HEAD: usize = 16;
const ELEMENT: usize = 16;
/// A bucket up to this size lies within its entry.
const INLINE: usize = PAGE / 4;

const BRANCH: u16 = 1;
const LEAF: u16 = 2;
const META: u16 = 4;
const FREELIST: u16 = 16;

impl Bucket {
    /// The bucket of this name in this one; empty at first.
    ///
    /// # Panics
    /// If the name has a value.
    pub fn bucket(&mut self, name: &str) -> &mut Self {
        let entry = self.0.entry(name.to_owned());
        match entry.or_insert_with(|| Entry::Bucket(Self::default())) {
            Entry::Bucket(bucket) => bucket,
            Entry::Value(_) => panic!("`{name}` has a value"),
        }
    }

    /// Gives a name a value, in place of what it had.
    pub fn put(&mut self, name: &str, value: impl Into<Vec<u8>>) {
        self.0.insert(name.to_owned(), Entry::Value(value.into()));
    }

    /// The value of a name; `None` if it has none.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&[u8]> {
        match self.0.get(name)? {
            Entry::Value(value) => Some(value),
            Entry::Bucket(_) => None,
        }
    }

    /// The buckets in it, by name.
    pub fn buckets(&self) -> impl Iterator<Item = (&str, &Self)> {
        self.0.iter().filter_map(|(name, entry)| match entry {
            Entry::Bucket(bucket) => Some((name.as_str(), bucket)),
            Entry::Value(_) => None,
        })
    }

    /// How many names it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has no names.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The file whose root is this bucket.
    #[must_use]
    pub fn file(&self) -> Vec<u8> {
        let mut file = File {
            bytes: vec![0; 3 * PAGE],
        };
        let root = file.tree(self);
        let pages = file.next();
        file.head(2, FREELIST, 0, 0);
        for copy in 0..2 {
            file.meta(copy, root, pages);
        }
        file.bytes
    }
}

/// An element of a leaf.
struct Leaf {
    is_bucket: bool,
    key: Vec<u8>,
    value: Vec<u8>,
}

impl Leaf {
    fn size(&self) -> usize {
        ELEMENT + self.key.len() + self.value.len()
    }
}

struct File {
    bytes: Vec<u8>,
}

impl File {
    /// The number of the next page.
    fn next(&self) -> u64 {
        (self.bytes.len() / PAGE) as u64
    }

    /// Writes a bucket as a tree of pages; answers the number of its root.
    fn tree(&mut self, bucket: &Bucket) -> u64 {
        let leaves = self.leaves(bucket);
        let mut level: Vec<(Vec<u8>, u64)> = Vec::new();
        for part in parts(&leaves, Leaf::size) {
            let first = part.first().map_or_else(Vec::new, |leaf| leaf.key.clone());
            level.push((first, self.page(LEAF, part.len(), &leaf_elements(part))));
        }
        while level.len() > 1 {
            let mut above = Vec::new();
            for part in parts(&level, |(key, _)| ELEMENT + key.len()) {
                let first = part.first().map_or_else(Vec::new, |(key, _)| key.clone());
                above.push((first, self.page(BRANCH, part.len(), &branch_elements(part))));
            }
            level = above;
        }
        match level.first() {
            Some((_, page)) => *page,
            None => self.page(LEAF, 0, &[]),
        }
    }

    fn leaves(&mut self, bucket: &Bucket) -> Vec<Leaf> {
        let entries = bucket.0.iter().map(|(name, entry)| {
            let (is_bucket, value) = match entry {
                Entry::Value(value) => (false, value.clone()),
                Entry::Bucket(inner) => (true, self.bucket(inner)),
            };
            Leaf {
                is_bucket,
                key: name.clone().into_bytes(),
                value,
            }
        });
        entries.collect()
    }

    /// The value of an entry that is a bucket: the number of its root and a counter, and where the number is 0
    /// its only page.
    fn bucket(&mut self, bucket: &Bucket) -> Vec<u8> {
        let flat = bucket.buckets().next().is_none();
        if flat {
            let leaves = self.leaves(bucket);
            let size: usize = leaves.iter().map(Leaf::size).sum();
            if size + PAGE_HEAD <= INLINE {
                let mut value = vec![0; 16];
                value.extend(head(0, LEAF, leaves.len(), 0));
                value.extend(leaf_elements(&leaves));
                return value;
            }
        }
        let root = self.tree(bucket);
        let mut value = root.to_le_bytes().to_vec();
        value.extend([0; 8]);
        value
    }

    /// Adds a page, with as many behind it as its content needs.
    fn page(&mut self, kind: u16, count: usize, content: &[u8]) -> u64 {
        let id = self.next();
        let pages = (PAGE_HEAD + content.len()).div_ceil(PAGE);
        self.bytes.extend(head(id, kind, count, pages - 1));
        self.bytes.extend(content);
        let end = self.bytes.len().div_ceil(PAGE) * PAGE;
        self.bytes.resize(end, 0);
        id
    }

    fn head(&mut self, page: usize, kind: u16, count: usize, more: usize) {
        let at = page * PAGE;
        self.bytes[at..at + PAGE_HEAD].copy_from_slice(&head(page as u64, kind, count, more));
    }

    fn meta(&mut self, page: usize, root: u64, pages: u64) {
        self.head(page, META, 0, 0);
        let mut meta = Vec::new();
        meta.extend(0xED0C_DAED_u32.to_le_bytes());
        meta.extend(2_u32.to_le_bytes());
        meta.extend(number(PAGE).to_le_bytes());
        meta.extend(0_u32.to_le_bytes());
        for field in [root, 0, 2, pages, page as u64] {
            meta.extend(field.to_le_bytes());
        }
        meta.extend(fnv(&meta).to_le_bytes());
        let at = page * PAGE + PAGE_HEAD;
        self.bytes[at..at + meta.len()].copy_from_slice(&meta);
    }
}

fn head(id: u64, kind: u16, count: usize, more: usize) -> Vec<u8> {
    let count = u16::try_from(count).expect("a page has few elements");
    let mut bytes = id.to_le_bytes().to_vec();
    bytes.extend(kind.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend(number(more).to_le_bytes());
    bytes
}

/// Cuts elements into pages. One that is larger than a page gets pages of its own.
fn parts<T>(mut elements: &[T], size: impl Fn(&T) -> usize) -> Vec<&[T]> {
    let mut parts = Vec::new();
    while !elements.is_empty() {
        let mut used = PAGE_HEAD;
        let fit = elements.iter().take_while(|element| {
            used += size(element);
            used <= PAGE
        });
        let (part, rest) = elements.split_at(fit.count().max(1));
        parts.push(part);
        elements = rest;
    }
    parts
}

fn leaf_elements(leaves: &[Leaf]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut place = leaves.len() * ELEMENT;
    for (at, leaf) in leaves.iter().enumerate() {
        bytes.extend(u32::from(leaf.is_bucket).to_le_bytes());
        bytes.extend(number(place - at * ELEMENT).to_le_bytes());
        bytes.extend(number(leaf.key.len()).to_le_bytes());
        bytes.extend(number(leaf.value.len()).to_le_bytes());
        place += leaf.key.len() + leaf.value.len();
    }
    for leaf in leaves {
        bytes.extend(&leaf.key);
        bytes.extend(&leaf.value);
    }
    bytes
}

fn branch_elements(children: &[(Vec<u8>, u64)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut place = children.len() * ELEMENT;
    for (at, (key, page)) in children.iter().enumerate() {
        bytes.extend(number(place - at * ELEMENT).to_le_bytes());
        bytes.extend(number(key.len()).to_le_bytes());
        bytes.extend(page.to_le_bytes());
        place += key.len();
    }
    for (key, _) in children {
        bytes.extend(key);
    }
    bytes
}

fn number(value: usize) -> u32 {
    u32::try_from(value).expect("offsets and lengths are below 4 GiB")
}

/// The checksum FNV-1a of 64 bits.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::{Bucket, PAGE, fnv};

    #[test]
    fn the_checksum_is_fnv() {
        // From the authors' list of test vectors.
        assert_eq!(fnv(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv(b"foobar"), 0x8594_4171_f739_67e8);
    }

    /// That Trivy reads it, `crates/cli/tests/agreement.rs` shows.
    #[test]
    fn pages_are_whole_and_each_head_is_proved() {
        let mut root = Bucket::default();
        for name in 0..500 {
            let package = root.bucket("npm").bucket(&format!("package-{name}"));
            package.put("CVE-1", "x".repeat(name * 40));
        }
        let file = root.file();
        assert_eq!(file.len() % PAGE, 0);
        for page in file.chunks(PAGE).take(2) {
            let number = |at: usize| u64::from_le_bytes(page[at..at + 8].try_into().expect("8"));
            assert_eq!(number(72), fnv(&page[16..72]));
            assert_eq!(number(56), (file.len() / PAGE) as u64);
        }
        assert_eq!(root.file(), file);
        assert_eq!(
            root.buckets()
                .map(|(_, bucket)| bucket.len())
                .sum::<usize>(),
            500
        );
    }
}
