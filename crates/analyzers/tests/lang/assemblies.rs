//! Small PE files for the fixtures. That of the case `real` is a policy assembly of Debian's
//! `libnewtonsoft-json5.0-cil`, which has no version of its own.

/// Where the only section is loaded, and where it is in the file.
const BASE: u32 = 0x2000;
const OFFSET: u32 = 0x200;

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16()
        .chain([0])
        .flat_map(u16::to_le_bytes)
        .collect()
}

fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(4), 0);
}

/// A block of a version resource.
fn block(key: &str, kind: u16, value: &[u8], children: &[Vec<u8>]) -> Vec<u8> {
    let mut out = vec![0; 6];
    out.extend(utf16(key));
    pad(&mut out);
    out.extend(value);
    for child in children {
        pad(&mut out);
        out.extend(child);
    }
    let length = u16::try_from(out.len()).expect("small");
    let value = u16::try_from(value.len()).expect("small");
    let value = if kind == 1 { value / 2 } else { value };
    for (at, number) in [(0, length), (2, value), (4, kind)] {
        out[at..at + 2].copy_from_slice(&number.to_le_bytes());
    }
    out
}

fn resource(texts: &[(&str, &str)], file: [u16; 4]) -> Vec<u8> {
    let mut fixed = 0xfeef_04bd_u32.to_le_bytes().to_vec();
    fixed.extend([0, 0, 1, 0]);
    for number in [file[1], file[0], file[3], file[2]] {
        fixed.extend(number.to_le_bytes());
    }
    fixed.resize(52, 0);
    let strings: Vec<Vec<u8>> = texts
        .iter()
        .map(|(key, value)| block(key, 1, &utf16(value), &[]))
        .collect();
    let table = block("000004b0", 1, &[], &strings);
    let info = block("StringFileInfo", 1, &[], &[table]);
    let translation = block("Translation", 0, &[0, 0, 0xb0, 4], &[]);
    let other = block("VarFileInfo", 1, &[], &[translation]);
    block("VS_VERSION_INFO", 0, &fixed, &[other, info])
}

/// Directories of resources that lead to one of this type.
fn tree(kind: u32, resource: &[u8], length: u32) -> Vec<u8> {
    let mut out = Vec::new();
    for (id, next) in [(kind, 0x8000_0018), (1, 0x8000_0030), (0, 0x48)] {
        out.extend([0; 14]);
        out.extend([1, 0]);
        for number in [id, next] {
            out.extend(u32::to_le_bytes(number));
        }
    }
    for number in [BASE + 0x58, length, 0, 0] {
        out.extend(number.to_le_bytes());
    }
    out.extend(resource);
    out
}

/// A PE file whose only section holds resources; `managed` is where the runtime's header would be.
pub(super) fn pe(wide: bool, managed: u32, resources: &[u8]) -> Vec<u8> {
    let (magic, optional): (u16, u16) = if wide { (0x20b, 240) } else { (0x10b, 224) };
    let mut out = b"MZ".to_vec();
    out.resize(0x3c, 0);
    out.extend(0x40_u32.to_le_bytes());
    out.extend(b"PE\0\0");
    out.extend([0x4c, 1, 1, 0]);
    out.extend([0; 12]);
    out.extend(optional.to_le_bytes());
    out.extend([0, 0]);
    let start = out.len();
    out.extend(magic.to_le_bytes());
    out.resize(start + usize::from(optional) - 128, 0);
    let size = u32::try_from(resources.len()).expect("small");
    for place in 0..16 {
        let (address, length) = match place {
            2 if size > 0 => (BASE, size),
            14 => (managed, managed.min(72)),
            _ => (0, 0),
        };
        out.extend(address.to_le_bytes());
        out.extend(length.to_le_bytes());
    }
    out.extend(b".rsrc\0\0\0");
    for number in [size, BASE, size, OFFSET] {
        out.extend(number.to_le_bytes());
    }
    out.resize(OFFSET as usize, 0);
    out.extend(resources);
    out
}

pub(super) fn assembly(texts: &[(&str, &str)], file: [u16; 4]) -> Vec<u8> {
    let resource = resource(texts, file);
    let length = u32::try_from(resource.len()).expect("small");
    pe(false, BASE, &tree(16, &resource, length))
}

pub(super) const NEWTONSOFT: &[(&str, &str)] = &[
    ("CompanyName", "Newtonsoft"),
    ("FileDescription", "Json.NET .NET 6.0"),
    ("FileVersion", "13.0.3.27908"),
    ("InternalName", "Newtonsoft.Json.dll"),
    ("OriginalFilename", "Newtonsoft.Json.dll"),
    ("ProductName", "Json.NET"),
    (
        "ProductVersion",
        "13.0.3+0a2e291c0d9c0c7675d445703e51750363a549ef",
    ),
];

/// Every made assembly by its place below `fixtures/`.
#[allow(clippy::too_many_lines, reason = "a table")]
pub(crate) fn fixtures() -> Vec<(&'static str, Vec<u8>)> {
    let whole = assembly(NEWTONSOFT, [13, 0, 3, 27908]);
    let resource = resource(NEWTONSOFT, [13, 0, 3, 27908]);
    let length = u32::try_from(resource.len()).expect("small");
    let of_file = &[
        ("FileVersion", "4.6.24705.01"),
        ("ProductVersion", "4.6.24705.01. Commit Hash: 4d1af96"),
    ];
    let mut loop_back = tree(16, &resource, length);
    loop_back[0x18 + 20..0x18 + 24].copy_from_slice(&0x8000_0000_u32.to_le_bytes());
    let mut many = tree(16, &resource, length);
    many[12..16].fill(0xff);
    let mut version = resource.clone();
    version[..2].fill(0xff);
    vec![
        (
            "binary/dotnet/happy/root/app/Newtonsoft.Json.dll",
            whole.clone(),
        ),
        (
            "binary/dotnet/happy/root/app/renamed.exe",
            pe(true, BASE, &tree(16, &resource, length)),
        ),
        (
            "binary/dotnet/happy/root/app/System.Net.Http.dll",
            assembly(of_file, [4, 6, 24705, 1]),
        ),
        (
            "binary/dotnet/happy/root/app/Numbers.dll",
            assembly(&[], [1, 2, 3, 0]),
        ),
        (
            "binary/dotnet/happy/root/usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.1/System.Text.Json.dll",
            assembly(
                &[(
                    "ProductVersion",
                    "8.0.1+bf5e279d9239bfef5bb1b8d6212f1b971c434606",
                )],
                [8, 0, 123, 58001],
            ),
        ),
        (
            "binary/dotnet/happy/root/root/.nuget/packages/newtonsoft.json/13.0.3/lib/net6.0/Newtonsoft.Json.dll",
            whole.clone(),
        ),
        // Translations, facades without a version, programs of Windows and of DOS are no packages.
        (
            "binary/dotnet/happy/root/app/de/Newtonsoft.Json.resources.dll",
            whole.clone(),
        ),
        (
            "binary/dotnet/happy/root/app/facade.dll",
            assembly(&[("ProductVersion", " ")], [0; 4]),
        ),
        (
            "binary/dotnet/happy/root/app/native.exe",
            pe(true, 0, &tree(16, &resource, length)),
        ),
        (
            "binary/dotnet/happy/root/app/dos.exe",
            [b'M', b'Z', 0, 0].repeat(20),
        ),
        (
            "binary/dotnet/truncated/root/resource.dll",
            whole[..0x300].to_vec(),
        ),
        (
            "binary/dotnet/truncated/root/header.dll",
            whole[..0x100].to_vec(),
        ),
        (
            "binary/dotnet/hostile/root/loop.dll",
            pe(false, BASE, &loop_back),
        ),
        (
            "binary/dotnet/hostile/root/many.dll",
            pe(false, BASE, &many),
        ),
        (
            "binary/dotnet/hostile/root/long.dll",
            pe(false, BASE, &tree(16, &resource, u32::MAX)),
        ),
        (
            "binary/dotnet/hostile/root/version.dll",
            pe(false, BASE, &tree(16, &version, length)),
        ),
        (
            "binary/dotnet/hostile/root/names.dll",
            assembly(
                &[
                    ("InternalName", "../a b.dll"),
                    ("ProductVersion", "1.0\n\u{7}"),
                ],
                [0; 4],
            ),
        ),
        (
            "binary/dotnet/empty/root/no-resources.dll",
            pe(false, BASE, &[]),
        ),
        (
            "binary/dotnet/empty/root/no-version.dll",
            pe(false, BASE, &tree(10, &resource, length)),
        ),
        ("binary/dotnet/empty/root/nothing.dll", Vec::new()),
    ]
}
