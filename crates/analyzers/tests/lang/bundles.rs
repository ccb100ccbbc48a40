//! Single files of .NET for the fixtures, byte by byte as "The Single-file Bundler" lays them out.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::assemblies::{NEWTONSOFT, assembly, pe};
use super::programs::Program;

const SIGNATURE: &str = "8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae";

/// The marker of a host that has nothing embedded yet.
fn marker() -> Vec<u8> {
    let byte = |at: usize| u8::from_str_radix(&SIGNATURE[at..at + 2], 16).expect("hexadecimal");
    let mut out = vec![0; 8];
    out.extend((0..SIGNATURE.len()).step_by(2).map(byte));
    out
}

fn elf(wide: bool) -> Vec<u8> {
    let data = [&[7; 24], marker().as_slice(), &[9; 40]].concat();
    let mut program = Program::new(&[(".text", b"\xc3"), (".data", &data)]);
    program.wide = wide;
    program.bytes()
}

/// An embedded file: kind, path, bytes, whether it is compressed.
type Embedded = (u8, &'static str, Vec<u8>, bool);

fn text(out: &mut Vec<u8>, text: &str) {
    let mut length = text.len();
    while length > 0x7f {
        out.push(u8::try_from(length & 0x7f).expect("seven bits") | 0x80);
        length >>= 7;
    }
    out.push(u8::try_from(length).expect("seven bits"));
    out.extend(text.as_bytes());
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

/// The numbers of an entry, to be made wrong.
type Edit = fn(&str, &mut [u64; 3]);

fn keep(_: &str, _: &mut [u64; 3]) {}

fn bundle(mut host: Vec<u8>, version: u32, files: &[Embedded], edit: Edit) -> Vec<u8> {
    let mut entries = Vec::new();
    for (kind, path, bytes, compressed) in files {
        host.resize(host.len().next_multiple_of(16), 0);
        let stored = if *compressed {
            deflate(bytes)
        } else {
            bytes.clone()
        };
        let packed = if *compressed { stored.len() as u64 } else { 0 };
        let mut numbers = [host.len() as u64, bytes.len() as u64, packed];
        edit(path, &mut numbers);
        host.extend(stored);
        let count = if version >= 6 { 3 } else { 2 };
        for number in &numbers[..count] {
            entries.extend(number.to_le_bytes());
        }
        entries.push(*kind);
        text(&mut entries, path);
    }
    let list = host.len() as u64;
    let count = u32::try_from(files.len()).expect("few");
    for number in [version, 0, count] {
        host.extend(number.to_le_bytes());
    }
    text(&mut host, "WjC0nZRrIcA=");
    if version >= 2 {
        host.extend([0; 40]);
    }
    host.extend(entries);
    let marker = marker();
    let at = host
        .windows(marker.len())
        .position(|window| window == marker)
        .expect("the host has a marker");
    host[at..at + 8].copy_from_slice(&list.to_le_bytes());
    host
}

pub(crate) const DOCUMENT: &str = r#"{
  "runtimeTarget": {"name": ".NETCoreApp,Version=v8.0/linux-x64"},
  "targets": {
    ".NETCoreApp,Version=v8.0": {},
    ".NETCoreApp,Version=v8.0/linux-x64": {
      "App/1.0.0": {"dependencies": {"Newtonsoft.Json": "13.0.1"}, "runtime": {"App.dll": {}}},
      "Newtonsoft.Json/13.0.1": {"runtime": {"lib/net6.0/Newtonsoft.Json.dll": {}}},
      "System.Net.Http/4.3.0": {"dependencies": {"System.IO": "4.3.0"}},
      "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1": {
        "runtime": {"System.Private.CoreLib.dll": {}}, "native": {"libclrjit.so": {}}}
    }
  },
  "libraries": {
    "App/1.0.0": {"type": "project"},
    "Newtonsoft.Json/13.0.1": {"type": "package"},
    "System.Net.Http/4.3.0": {"type": "package"},
    "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1": {"type": "runtimepack"}
  }
}"#;

fn document() -> Embedded {
    (3, "App.deps.json", DOCUMENT.into(), false)
}

fn plugin() -> Vec<u8> {
    let says = [
        ("InternalName", "Contoso.Plugin.dll"),
        ("ProductVersion", "2.5.0+abc"),
    ];
    assembly(&says, [2, 5, 0, 0])
}

/// What a self-contained application has: some files are of packages of the document, one is of none.
fn application(compressed: bool) -> Vec<Embedded> {
    let newtonsoft = assembly(NEWTONSOFT, [13, 0, 3, 27908]);
    vec![
        (1, "App.dll", assembly(&[], [1, 0, 0, 0]), compressed),
        document(),
        (4, "App.runtimeconfig.json", b"{}".to_vec(), false),
        (1, "Newtonsoft.Json.dll", newtonsoft, compressed),
        (1, "Contoso.Plugin.dll", plugin(), compressed),
        (1, "de/Contoso.Plugin.resources.dll", plugin(), compressed),
        (2, "libclrjit.so", b"\x7fELF".to_vec(), compressed),
        (0, "wwwroot/index.html", b"<html>".to_vec(), compressed),
    ]
}

fn of(version: u32, compressed: bool) -> Vec<u8> {
    bundle(elf(true), version, &application(compressed), keep)
}

/// A PE host: its marker is in what would be resources.
fn windows() -> Vec<u8> {
    let host = pe(true, 0, &marker());
    bundle(host, 6, &application(false), keep)
}

/// Every bundle by its place below `fixtures/`.
#[allow(clippy::too_many_lines, reason = "a table")]
pub(crate) fn fixtures() -> Vec<(&'static str, Vec<u8>)> {
    let whole = of(6, true);
    let list = whole.len() - 200;
    let one = |name: &'static str, bytes: &[u8]| vec![(1, name, bytes.to_vec(), true)];
    let number = |at: usize, number: u32| {
        let mut bytes = bundle(elf(true), 6, &[], keep);
        let list = bytes.len() - 12 - 13 - 40;
        bytes[list + at..list + at + 4].copy_from_slice(&number.to_le_bytes());
        bytes
    };
    let far: Edit = |_, numbers| numbers[0] = u64::MAX - 3;
    let grown: Edit = |_, numbers| numbers[1] += 1;
    let shrunk: Edit = |_, numbers| numbers[2] /= 2;
    let large: Edit = |_, numbers| numbers[1] = 1 << 40;
    let many: Vec<Embedded> = (0..2).map(|_| (1, "twice.dll", plugin(), false)).collect();
    vec![
        ("binary/dotnet-bundle/happy/root/app/net8", whole.clone()),
        ("binary/dotnet-bundle/happy/root/app/net5", of(2, false)),
        (
            "binary/dotnet-bundle/happy/root/app/net6-arm",
            bundle(elf(false), 6, &application(true), keep),
        ),
        // The first version, and no document.
        (
            "binary/dotnet-bundle/happy/root/app/core3",
            bundle(elf(true), 1, &one_plain(), keep),
        ),
        ("binary/dotnet-bundle/happy/root/app/App.exe", windows()),
        (
            "binary/dotnet-bundle/truncated/root/app/list",
            whole[..whole.len() - 30].to_vec(),
        ),
        (
            "binary/dotnet-bundle/truncated/root/app/files",
            whole[..list - 900].to_vec(),
        ),
        (
            "binary/dotnet-bundle/hostile/root/app/version",
            number(0, 99),
        ),
        (
            "binary/dotnet-bundle/hostile/root/app/count",
            number(8, u32::MAX),
        ),
        (
            "binary/dotnet-bundle/hostile/root/app/far",
            bundle(elf(true), 6, &application(false), far),
        ),
        (
            "binary/dotnet-bundle/hostile/root/app/grown",
            bundle(elf(true), 6, &one("a.dll", &plugin()), grown),
        ),
        (
            "binary/dotnet-bundle/hostile/root/app/shrunk",
            bundle(elf(true), 6, &one("a.dll", &plugin()), shrunk),
        ),
        (
            "binary/dotnet-bundle/hostile/root/app/large",
            bundle(elf(true), 6, &one("a\n.dll", &plugin()), large),
        ),
        (
            "binary/dotnet-bundle/hostile/root/app/twice",
            bundle(elf(true), 6, &many, keep),
        ),
        (
            "binary/dotnet-bundle/hostile/root/app/document",
            bundle(
                elf(true),
                6,
                &[(3, "a.deps.json", b"{\"targets\":".to_vec(), false)],
                keep,
            ),
        ),
        (
            "binary/dotnet-bundle/empty/root/app/nothing-embedded",
            bundle(elf(true), 6, &[], keep),
        ),
        // A host as the SDK ships it, and one behind which lies something else.
        ("binary/dotnet-bundle/empty/root/app/host", elf(true)),
        (
            "binary/dotnet-bundle/empty/root/app/appended",
            [elf(true), vec![1; 100]].concat(),
        ),
        (
            "binary/dotnet-bundle/empty/root/app/other",
            [Program::new(&[(".text", b"\xc3")]).bytes(), vec![1; 100]].concat(),
        ),
    ]
}

fn one_plain() -> Vec<Embedded> {
    vec![
        (1, "Contoso.Plugin.dll", plugin(), false),
        (0, "wwwroot/index.html", b"<html>".to_vec(), false),
    ]
}
