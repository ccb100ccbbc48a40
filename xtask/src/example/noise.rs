//! Characters that look random and are the same each time.
//!
//! The made-up secrets of the image come from here, so that none of them stands in the source,
//! where a scanner for secrets would find it. They open nothing.

use sha2::{Digest as _, Sha256};

const DIGITS_AND_LETTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Digits and letters.
pub(super) fn word(seed: &str, length: usize) -> String {
    text(seed, length, DIGITS_AND_LETTERS)
}

/// Text in the shape of an RSA key of 2048 bits in PEM (PKCS #1, RFC 8017 A.1.2).
///
/// Only the head of the DER structure is right: the sequence, the version and the modulus' length.
/// What follows are no numbers of any key.
pub(super) fn rsa_key(seed: &str) -> String {
    /// 30 82 04 a4 (sequence), 02 01 00 (version 0), 02 82 01 01 00 (modulus of 257 bytes).
    const HEAD: &str = "MIIEpAIBAAKCAQEA";
    /// The sequence has 1192 bytes with its head, in Base64 1592 characters; the last byte ends
    /// in a character of two bits and two of padding.
    const TAIL: &str = "Q==";
    const KIND: &str = "RSA PRIVATE KEY";
    let body = text(seed, 1592 - HEAD.len() - TAIL.len(), BASE64);
    let whole = format!("{HEAD}{body}{TAIL}");
    let mut lines = String::new();
    for (position, character) in whole.char_indices() {
        if position > 0 && position % 64 == 0 {
            lines.push('\n');
        }
        lines.push(character);
    }
    format!("-----BEGIN {KIND}-----\n{lines}\n-----END {KIND}-----\n")
}

fn text(seed: &str, length: usize, alphabet: &[u8]) -> String {
    (0_u64..)
        .flat_map(|block| {
            let mut digest = Sha256::new();
            digest.update(seed);
            digest.update(block.to_be_bytes());
            <[u8; 32]>::from(digest.finalize())
        })
        .take(length)
        .map(|byte| char::from(alphabet[usize::from(byte) % alphabet.len()]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_word() {
        assert_eq!(word("a", 36), word("a", 36));
        assert_ne!(word("a", 36), word("b", 36));
        assert_eq!(word("a", 100).len(), 100);
    }

    #[test]
    fn the_key_has_the_shape_of_pem() {
        let key = rsa_key("a");
        let lines: Vec<_> = key.lines().collect();
        assert_eq!(lines.len(), 2 + 1592_usize.div_ceil(64));
        assert!(lines[1].starts_with("MIIEpAIBAAKCAQEA") && lines[1].len() == 64);
        assert!(lines[25].ends_with("Q=="));
    }
}
