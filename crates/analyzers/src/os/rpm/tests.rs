use super::package::{self, full_version, source};

#[test]
fn sources_come_from_the_names_of_source_rpms() {
    for (file, name, version, source_name, source_version) in [
        (
            Some("bash-5.1.8-1.cm2.src.rpm"),
            "bash",
            "5.1.8-1.cm2",
            "bash",
            "5.1.8-1.cm2",
        ),
        // The epoch is the source's own where the version is.
        (
            Some("bind-9.11.36-8.el8.src.rpm"),
            "bind-libs",
            "32:9.11.36-8.el8",
            "bind",
            "32:9.11.36-8.el8",
        ),
        // Another version, so another epoch, which the name does not tell.
        (
            Some("perl-5.26.3-420.el8.src.rpm"),
            "perl-IO",
            "0:1.38-420.el8",
            "perl",
            "5.26.3-420.el8",
        ),
        (Some("blob-1-1.nosrc.rpm"), "blob", "1-1", "blob", "1-1"),
        (Some("nonsense"), "a", "1-1", "a", "1-1"),
        (Some("--1.src.rpm"), "a", "1-1", "a", "1-1"),
        (None, "a", "1-1", "a", "1-1"),
    ] {
        let found = source(file, name, version);
        assert_eq!(
            (found.name.as_str(), found.version.as_str()),
            (source_name, source_version)
        );
    }
    assert_eq!(full_version(Some(0), "1-1"), "0:1-1");
    assert_eq!(full_version(None, "1-1"), "1-1");
}

/// A header with these entries: tag, type, count, data.
fn header(entries: &[(u32, u32, u32, &[u8])]) -> Vec<u8> {
    let mut index = Vec::new();
    let mut data = Vec::new();
    for (tag, kind, count, bytes) in entries {
        for number in [*tag, *kind, u32::try_from(data.len()).unwrap(), *count] {
            index.extend(number.to_be_bytes());
        }
        data.extend_from_slice(bytes);
    }
    let mut blob = u32::try_from(entries.len()).unwrap().to_be_bytes().to_vec();
    blob.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
    blob.extend(index);
    blob.extend(data);
    blob
}

const TEXT: u32 = 6;
const TEXTS: u32 = 8;
const SHORTS: u32 = 3;
const NUMBERS: u32 = 4;

fn named(name: &[u8]) -> Vec<u8> {
    header(&[
        (1000, TEXT, 1, name),
        (1001, TEXT, 1, b"1.2\0"),
        (1002, TEXT, 1, b"3\0"),
    ])
}

#[test]
fn a_header_gives_epoch_module_and_files() {
    let blob = header(&[
        (63, 7, 16, &[0; 16]),
        (1000, TEXT, 1, b"nodejs\0"),
        (1001, TEXT, 1, b"12.18.4\0"),
        (1002, TEXT, 1, b"2.module\0"),
        (1003, NUMBERS, 1, &[0, 0, 0, 1]),
        (1011, TEXT, 1, b"(none)\0"),
        (1015, TEXT, 1, b"A Packager\0"),
        (1030, SHORTS, 3, &[0x81, 0xa4, 0x41, 0xed, 0xa1, 0xff]),
        (1044, TEXT, 1, b"nodejs-12.18.4-2.module.src.rpm\0"),
        (1049, TEXTS, 3, b"libc.so.6\0rpmlib(X)\0libc.so.6\0"),
        (1116, NUMBERS, 3, &[0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]),
        (1117, TEXTS, 3, b"node\0share\0npm\0"),
        (1118, TEXTS, 2, b"/usr/bin/\0/usr/\0"),
        (5096, TEXT, 1, b"nodejs:12:8030020201104:f81f1b0c\0"),
        // Added at installation: it takes the place of the earlier one.
        (1001, TEXT, 1, b"12.18.5\0"),
    ]);
    let package = package::parse(&blob).unwrap().unwrap();
    assert_eq!(package.fact.version, "1:12.18.5-2.module");
    assert_eq!(package.fact.module.as_deref(), Some("nodejs:12"));
    assert_eq!(package.fact.maker.as_deref(), Some("A Packager"));
    assert_eq!(package.fact.depends, ["libc.so.6"]);
    let keys = ["usr/bin/node", "usr/bin/npm"].map(plimsoll_model::PathKey::of);
    assert_eq!(package.files, keys);
    assert_eq!(package.lost_files, 0);
}

#[test]
fn files_that_lead_nowhere_are_counted() {
    let blob = header(&[
        (1000, TEXT, 1, b"a\0"),
        (1001, TEXT, 1, b"1\0"),
        (1002, TEXT, 1, b"1\0"),
        (1116, NUMBERS, 3, &[0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0]),
        (1117, TEXTS, 1000, b"x\0y\0z\0"),
        (1118, TEXTS, 1, b"/\0"),
    ]);
    let package = package::parse(&blob).unwrap().unwrap();
    assert_eq!(package.files, ["x", "z"].map(plimsoll_model::PathKey::of));
    assert_eq!(package.lost_files, 998);
}

#[test]
fn what_is_no_package_is_told_apart() {
    assert!(package::parse(&named(b"gpg-pubkey\0")).unwrap().is_none());
    for (blob, reason) in [
        (vec![0; 7], "has a header that is shorter than its counts"),
        (
            vec![0xff; 64],
            "has a header that is longer than its record",
        ),
        (header(&[]), "has no name"),
        (header(&[(1000, TEXT, 1, b"a\0")]), "has no version"),
        (
            header(&[
                (1000, TEXT, 1, b"a\0"),
                (1001, TEXT, 1, b"1\0"),
                (1002, TEXT, 1, b"without its end"),
            ]),
            "has no release",
        ),
    ] {
        assert_eq!(package::parse(&blob).unwrap_err(), reason);
    }
    let mut out = named(b"a\0");
    out[8 + 8..8 + 12].copy_from_slice(&[0x7f; 4]);
    assert_eq!(
        package::parse(&out).unwrap_err(),
        "has a header whose index points out of its data"
    );
}

/// What the analyzer says of a database: names of packages and reasons.
fn said(path: &str, database: &[u8]) -> (Vec<String>, Vec<String>) {
    let said = plimsoll_testkit::fixtures::analyze_one(&super::Rpm, path, database);
    let names = said
        .facts
        .iter()
        .filter_map(|fact| match &fact.body {
            plimsoll_model::fact::FactBody::Package(package) => Some(package.name.clone()),
            _ => None,
        })
        .collect();
    (names, said.problems.into_iter().map(|p| p.reason).collect())
}

/// An NDB database of these blobs.
fn ndb(blobs: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"RpmP".to_vec();
    for number in [0_u32, 1, 1, 9, 0, 0, 0] {
        file.extend(number.to_le_bytes());
    }
    let mut block = 256_u32;
    let mut rest = Vec::new();
    for (blob, package) in blobs.iter().zip(1_u32..) {
        let length = u32::try_from(blob.len()).unwrap();
        let blocks = (length + 28).div_ceil(16);
        file.extend(b"Slot");
        for number in [package, block, blocks] {
            file.extend(number.to_le_bytes());
        }
        let start = rest.len();
        rest.extend(b"BlbS");
        for number in [package, 0, length] {
            rest.extend(number.to_le_bytes());
        }
        rest.extend(blob);
        rest.resize(start + blocks as usize * 16 - 12, 0);
        let sum = super::ndb::adler32(&rest[start..]);
        rest.extend(sum.to_le_bytes());
        rest.extend(length.to_le_bytes());
        rest.extend(b"BlbE");
        block += blocks;
    }
    while file.len() < 4096 {
        file.extend(b"Slot");
        file.extend([0; 12]);
    }
    file.extend(rest);
    file
}

const NDB_PATH: &str = "usr/lib/sysimage/rpm/Packages.db";

#[test]
fn ndb_packages_are_read_beside_damaged_ones() {
    let whole = ndb(&[named(b"a\0"), named(b"b\0"), named(b"c\0")]);
    assert_eq!(
        said(NDB_PATH, &whole),
        (vec!["a".into(), "b".into(), "c".into()], vec![])
    );

    let mut changed = whole.clone();
    let at = whole.windows(2).position(|pair| pair == b"b\0").unwrap();
    changed[at] = b'x';
    let (names, reasons) = said(NDB_PATH, &changed);
    assert_eq!(names, ["a", "x", "c"]);
    assert_eq!(
        reasons,
        ["is damaged at byte 48: a package has another checksum"]
    );

    let mut changed = whole.clone();
    changed[32 + 16 + 8..32 + 16 + 12].copy_from_slice(&[0xff; 4]);
    let (names, reasons) = said(NDB_PATH, &changed);
    assert_eq!(names, ["a", "c"]);
    assert_eq!(reasons.len(), 1);

    let mut changed = whole.clone();
    changed[12..16].copy_from_slice(&[0xff; 4]);
    let (names, reasons) = said(NDB_PATH, &changed);
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!(
        reasons,
        ["ends before byte 8192, which is part of its content"]
    );

    let (_, reasons) = said(NDB_PATH, &whole[..whole.len() - 1]);
    assert_eq!(reasons.len(), 1);
}

#[test]
fn a_slot_that_all_packages_share_ends_the_walk() {
    // Fifty slots claim one blob that is as large as the file.
    let mut file = ndb(&[named(&[&vec![b'a'; 100_000][..], b"\0"].concat())]);
    let slot = file[32..48].to_vec();
    for place in 1..50 {
        file[32 + place * 16..48 + place * 16].copy_from_slice(&slot);
    }
    let (names, reasons) = said(NDB_PATH, &file);
    assert!(names.len() < 5, "{}", names.len());
    assert!(
        reasons
            .iter()
            .any(|reason| reason.contains("again and again"))
    );
}

/// A hash store in one byte order: page 1 with a counter, a value on the page and one on two overflow pages.
fn bdb(big: bool, small: &[u8], large: &[u8]) -> Vec<u8> {
    const PAGE: usize = 512;
    let u16_bytes = |n: usize| {
        let n = u16::try_from(n).unwrap();
        if big {
            n.to_be_bytes()
        } else {
            n.to_le_bytes()
        }
    };
    let u32_bytes = |n: usize| {
        let n = u32::try_from(n).unwrap();
        if big {
            n.to_be_bytes()
        } else {
            n.to_le_bytes()
        }
    };
    let mut file = vec![0; PAGE * 2];
    file[12..16].copy_from_slice(&u32_bytes(0x61561));
    file[20..24].copy_from_slice(&u32_bytes(PAGE));
    file[25] = 8;
    let mut reference = vec![3, 0, 0, 0];
    reference.extend(u32_bytes(2));
    reference.extend(u32_bytes(large.len()));
    let items = [
        vec![1, 0, 0, 0, 0],
        vec![1, 9, 9, 9, 9],
        vec![1, 1, 0, 0, 0],
        [&[1], small].concat(),
        vec![1, 2, 0, 0, 0],
        reference,
    ];
    let page = &mut file[PAGE..];
    page[20..22].copy_from_slice(&u16_bytes(items.len()));
    page[25] = 13;
    let mut end = PAGE;
    for (place, item) in items.iter().enumerate() {
        let begin = end - item.len();
        page[begin..end].copy_from_slice(item);
        page[26 + place * 2..28 + place * 2].copy_from_slice(&u16_bytes(begin));
        end = begin;
    }
    let chunks: Vec<&[u8]> = large.chunks(PAGE - 26).collect();
    for (place, chunk) in chunks.iter().enumerate() {
        let mut page = vec![0; PAGE];
        if place + 1 < chunks.len() {
            page[16..20].copy_from_slice(&u32_bytes(3 + place));
        }
        page[22..24].copy_from_slice(&u16_bytes(chunk.len()));
        page[25] = 7;
        page[26..26 + chunk.len()].copy_from_slice(chunk);
        file.extend(page);
    }
    let last = file.len() / PAGE - 1;
    file[32..36].copy_from_slice(&u32_bytes(last));
    file
}

#[test]
fn hash_stores_of_both_byte_orders_are_read() {
    let large = named(&[&[b'l'; 600][..], b"\0"].concat());
    for big in [false, true] {
        let whole = bdb(big, &named(b"small\0"), &large);
        let (names, reasons) = said("var/lib/rpm/Packages", &whole);
        assert_eq!(names, ["small".to_owned(), "l".repeat(600)]);
        assert_eq!(reasons, Vec::<String>::new());

        // The first overflow page is its own successor.
        let mut circular = whole.clone();
        let next = if big { [0, 0, 0, 2] } else { [2, 0, 0, 0] };
        circular[2 * 512 + 16..2 * 512 + 20].copy_from_slice(&next);
        let (names, reasons) = said("var/lib/rpm/Packages", &circular);
        assert_eq!(names, ["small"]);
        assert_eq!(
            reasons,
            ["is damaged at byte 1024: a chain of pages is broken"]
        );

        let mut encrypted = whole.clone();
        encrypted[24] = 1;
        let (names, reasons) = said("var/lib/rpm/Packages", &encrypted);
        assert_eq!(names, Vec::<String>::new());
        assert_eq!(reasons, ["is damaged at byte 24: it is encrypted"]);
    }
}

/// A database of two pages: the schema, which names page 2, and a page that is its own child.
#[test]
fn a_table_that_contains_itself_ends() {
    let row = [&[6, 23, 29, 29, 1, 13][..], b"tablePackagesPackages", &[2]].concat();
    let cell = [&[u8::try_from(row.len()).unwrap(), 1][..], &row].concat();
    let mut file = super::sqlite::MAGIC.to_vec();
    file.resize(1024, 0);
    file[16..18].copy_from_slice(&512_u16.to_be_bytes());
    file[100] = 13;
    file[103..105].copy_from_slice(&1_u16.to_be_bytes());
    let begin = 512 - cell.len();
    file[108..110].copy_from_slice(&u16::try_from(begin).unwrap().to_be_bytes());
    file[begin..512].copy_from_slice(&cell);
    file[512] = 5;
    file[512 + 8..512 + 12].copy_from_slice(&2_u32.to_be_bytes());
    let (names, reasons) = said("var/lib/rpm/rpmdb.sqlite", &file);
    assert_eq!(names, Vec::<String>::new());
    assert_eq!(reasons, ["refers to its own pages again and again"]);
}

#[test]
fn a_page_whose_cells_are_all_one_ends_the_walk() {
    let header = named(&[&vec![b'a'; 60_000][..], b"\0"].concat());
    let number = |n: usize| {
        [0x80 | n >> 14, 0x80 | (n >> 7 & 0x7f), n & 0x7f].map(|part| u8::try_from(part).unwrap())
    };
    let mut row = vec![5, 0];
    // The type of a blob: its length twice, and twelve.
    let kind = header.len() * 2 + 12;
    row.extend(number(kind));
    row.extend(&header);
    let mut cell = number(row.len()).to_vec();
    cell.push(1);
    cell.extend(&row);
    let schema_row = [&[6, 23, 29, 29, 1, 13][..], b"tablePackagesPackages", &[2]].concat();
    let schema = [
        &[u8::try_from(schema_row.len()).unwrap(), 1][..],
        &schema_row,
    ]
    .concat();
    let mut file = super::sqlite::MAGIC.to_vec();
    file.resize(2 * 65_536, 0);
    file[16..18].copy_from_slice(&1_u16.to_be_bytes());
    file[100] = 13;
    file[103..105].copy_from_slice(&1_u16.to_be_bytes());
    file[108..110].copy_from_slice(&4096_u16.to_be_bytes());
    file[4096..4096 + schema.len()].copy_from_slice(&schema);
    file[65_536] = 13;
    file[65_539..65_541].copy_from_slice(&2000_u16.to_be_bytes());
    for place in 0..2000 {
        let at = 65_536 + 8 + place * 2;
        file[at..at + 2].copy_from_slice(&4100_u16.to_be_bytes());
    }
    file[65_536 + 4100..65_536 + 4100 + cell.len()].copy_from_slice(&cell);
    let (names, reasons) = said("var/lib/rpm/rpmdb.sqlite", &file);
    assert!((1..8).contains(&names.len()), "{} {reasons:?}", names.len());
    assert!(
        reasons
            .iter()
            .any(|reason| reason.contains("again and again"))
    );
}
