//! Zip archives whose entries are stored as they are (APPNOTE.TXT of PKWARE, section 4.3).

/// An archive of these entries.
///
/// # Panics
/// If it has more than the format can count.
#[must_use]
pub fn zip(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut bytes, mut list) = (Vec::new(), Vec::new());
    for (name, content) in entries {
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let size = u32::try_from(content.len()).expect("an entry is small");
        let length = u16::try_from(name.len()).expect("a name is short");
        let at = u32::try_from(bytes.len()).expect("an archive is small");
        // Version, flags, method, time and date are the same in both headers, the checksum and sizes too.
        let mut common = [10u16, 0, 0, 0, 0x21].map(u16::to_le_bytes).concat();
        common.extend([crc.sum(), size, size].map(u32::to_le_bytes).concat());
        common.extend([length, 0].map(u16::to_le_bytes).concat());
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&common);
        bytes.extend(name.as_bytes());
        bytes.extend(content);
        list.extend(b"PK\x01\x02\x0a\x00");
        list.extend(&common);
        // Comment, disk, attributes.
        list.extend([0; 10]);
        list.extend(at.to_le_bytes());
        list.extend(name.as_bytes());
    }
    let count = u16::try_from(entries.len()).expect("entries are few");
    let at = u32::try_from(bytes.len()).expect("an archive is small");
    let size = u32::try_from(list.len()).expect("an archive is small");
    bytes.extend(&list);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count, count].map(u16::to_le_bytes).concat());
    bytes.extend([size, at].map(u32::to_le_bytes).concat());
    bytes.extend([0; 2]);
    bytes
}
