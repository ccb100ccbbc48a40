//! The smallest programs for Windows: headers and a version resource (PE Format, "The .rsrc Section";
//! `VS_VERSIONINFO`).

/// A program with these fields in its version resource, such as `ProductName` and `FileVersion`.
///
/// # Panics
/// If the fields are longer than the format can say.
#[must_use]
pub fn pe(fields: &[(&str, &str)]) -> Vec<u8> {
    /// Where the only section begins, in memory and in the file.
    const ADDRESS: u32 = 0x1000;
    const AT: u32 = 0x200;
    let strings: Vec<u8> = fields
        .iter()
        .flat_map(|(key, value)| {
            let value = wide(value);
            block(key, value.len() / 2, 1, &value)
        })
        .collect();
    let table = block("040904b0", 0, 1, &strings);
    let info = block("StringFileInfo", 0, 1, &table);
    let mut fixed = [0u8; 52];
    fixed[..8].copy_from_slice(&[0xBD, 0x04, 0xEF, 0xFE, 0, 0, 1, 0]);
    let version = block("VS_VERSION_INFO", 52, 0, &[&fixed[..], &info].concat());
    let size = u32::try_from(version.len()).expect("a resource is small");

    // Three levels of folders (type 16, name 1, language 0x409), each with one entry, and the place of the data.
    let mut resource = Vec::new();
    for (id, next) in [(16, 0x8000_0018), (1, 0x8000_0030), (0x409, 72)] {
        resource.extend([0, 0, 0, 1 << 16, id, next].map(u32::to_le_bytes).concat());
    }
    resource.extend([ADDRESS + 88, size, 0, 0].map(u32::to_le_bytes).concat());
    resource.extend(&version);
    let length = u32::try_from(resource.len()).expect("a resource is small");
    let room = length.next_multiple_of(AT);

    let mut bytes = vec![0; 64];
    bytes[..2].copy_from_slice(b"MZ");
    bytes[60] = 64;
    bytes.extend(b"PE\0\0");
    // x86-64, one section, 240 bytes of optional header, an executable library.
    bytes.extend([0x8664u16, 1].map(u16::to_le_bytes).concat());
    bytes.extend([0; 12]);
    bytes.extend([240u16, 0x2022].map(u16::to_le_bytes).concat());
    let mut optional = [0u8; 240];
    let mut set = |at: usize, value: u32| {
        optional[at..at + 4].copy_from_slice(&value.to_le_bytes());
    };
    for (at, value) in [
        (0, 0x020B),
        (8, room),
        (24, 0x40_0000),
        (32, ADDRESS),
        (36, AT),
        (40, 6),
        (48, 6),
        (56, 2 * ADDRESS),
        (60, AT),
        (68, 3),
        (108, 16),
        // The third of the directories is that of the resources.
        (128, ADDRESS),
        (132, length),
    ] {
        set(at, value);
    }
    bytes.extend(optional);
    bytes.extend(b".rsrc\0\0\0");
    bytes.extend(
        [length, ADDRESS, room, AT, 0, 0, 0, 0x4000_0040]
            .map(u32::to_le_bytes)
            .concat(),
    );
    bytes.resize(AT as usize, 0);
    bytes.extend(&resource);
    bytes.resize((AT + room) as usize, 0);
    bytes
}

/// UTF-16 with the null that ends it.
fn wide(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().chain([0]);
    units.flat_map(u16::to_le_bytes).collect()
}

/// A block of a version resource: its lengths, kind and key, then the body, both aligned.
fn block(key: &str, value: usize, kind: u16, body: &[u8]) -> Vec<u8> {
    let mut head = wide(key);
    head.resize((head.len() + 6).next_multiple_of(4) - 6, 0);
    let length = u16::try_from(6 + head.len() + body.len()).expect("a block is small");
    let value = u16::try_from(value).expect("a value is short");
    let mut bytes = [length, value, kind].map(u16::to_le_bytes).concat();
    bytes.extend(head);
    bytes.extend(body);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}
