//! The few things that are read of DER (X.690): nodes by their tags, and what holds them.

use der::asn1::AnyRef;
use der::{Decode as _, Reader as _, SliceReader};

/// Most nodes on one level; certificates have a dozen.
const MOST: usize = 1024;

/// Identifier octets (X.690, 8.1.2).
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const UTF8_STRING: u8 = 0x0c;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// A value with its tag.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'a> {
    /// The identifier octet.
    pub(crate) tag: u8,
    /// What is in it.
    pub(crate) value: &'a [u8],
    /// With tag and length.
    pub(crate) whole: &'a [u8],
}

impl<'a> Node<'a> {
    /// What it holds, if it has this tag.
    pub(crate) fn open(&self, tag: u8) -> Option<Vec<Node<'a>>> {
        (self.tag == tag).then(|| nodes(self.value)).flatten()
    }

    /// Its content, if it has this tag.
    pub(crate) fn content(&self, tag: u8) -> Option<&'a [u8]> {
        (self.tag == tag).then_some(self.value)
    }
}

/// The nodes that follow each other in all of `bytes`.
pub(crate) fn nodes(bytes: &[u8]) -> Option<Vec<Node<'_>>> {
    let mut reader = SliceReader::new(bytes).ok()?;
    let mut found = Vec::new();
    while !reader.is_finished() {
        if found.len() >= MOST {
            return None;
        }
        let whole = reader.tlv_bytes().ok()?;
        let value = AnyRef::from_der(whole).ok()?.value();
        let tag = *whole.first()?;
        found.push(Node { tag, value, whole });
    }
    Some(found)
}

/// The one node that is all of `bytes`.
pub(crate) fn node(bytes: &[u8]) -> Option<Node<'_>> {
    match nodes(bytes)?.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// What a bit string of whole octets holds.
pub(crate) fn bits<'a>(node: &Node<'a>) -> Option<&'a [u8]> {
    match node.content(BIT_STRING)?.split_first()? {
        (0, bytes) => Some(bytes),
        _ => None,
    }
}

/// Puts content under a tag.
pub(crate) fn wrap(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let bytes = length.to_be_bytes();
            let bytes: Vec<u8> = bytes.into_iter().skip_while(|byte| *byte == 0).collect();
            out.push(0x80 | u8::try_from(bytes.len()).unwrap_or(0));
            out.extend(bytes);
        }
    }
    out.extend_from_slice(content);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrapped_is_read_again_and_nothing_else_is() {
        for length in [0, 1, 127, 128, 255, 256, 70_000] {
            let content = vec![7; length];
            let whole = wrap(OCTET_STRING, &content);
            let read = node(&whole).expect("a node");
            assert_eq!((read.tag, read.value), (OCTET_STRING, &content[..]));
            assert_eq!(read.whole, whole);
            for cut in 1..whole.len().min(300) {
                assert!(node(&whole[..cut]).is_none());
            }
        }
        // A length that is longer than it need be, and one without an end.
        for wrong in [&[0x04, 0x81, 0x01, 0x00][..], &[0x30, 0x80, 0x00, 0x00]] {
            assert!(node(wrong).is_none());
        }
        assert!(node(&[]).is_none() && nodes(&[]).is_some());
        assert!(nodes(&[0x05, 0x00].repeat(MOST + 1)).is_none());
    }
}
