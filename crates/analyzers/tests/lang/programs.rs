//! Small ELF files for the fixtures, written by hand so that they can be wrong in chosen ways. The extension of PHP
//! in the case `real` is that of Debian's `php8.2-common`.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

const BASE: u64 = 0x40_0000;

/// What to write.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a choice of the format, independent of the others"
)]
pub(super) struct Program {
    pub(super) wide: bool,
    big: bool,
    kind: u16,
    machine: u16,
    interpreter: bool,
    /// Whether sections lie where their bytes are loaded; else they have no address.
    addressed: bool,
    /// Name, bytes, and whether the bytes are left out.
    sections: Vec<(&'static str, Vec<u8>, bool)>,
}

impl Program {
    pub(super) fn new(sections: &[(&'static str, &[u8])]) -> Self {
        Self {
            wide: true,
            big: false,
            kind: 2,
            machine: 62,
            interpreter: false,
            addressed: false,
            sections: sections
                .iter()
                .map(|(name, bytes)| (*name, bytes.to_vec(), false))
                .collect(),
        }
    }

    /// An object file.
    pub(super) fn object(sections: &[(&'static str, &[u8])]) -> Self {
        Self {
            kind: 1,
            ..Self::new(sections)
        }
    }

    fn short(&self, out: &mut Vec<u8>, number: u16) {
        out.extend(if self.big {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        });
    }

    fn int(&self, out: &mut Vec<u8>, number: u32) {
        out.extend(if self.big {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        });
    }

    fn word(&self, out: &mut Vec<u8>, number: u64) {
        if self.wide {
            out.extend(if self.big {
                number.to_be_bytes()
            } else {
                number.to_le_bytes()
            });
        } else {
            self.int(out, u32::try_from(number).expect("fits"));
        }
    }

    fn segment(&self, out: &mut Vec<u8>, kind: u32, offset: u64, size: u64) {
        self.int(out, kind);
        if self.wide {
            self.int(out, 6);
        }
        self.word(out, offset);
        for number in [BASE + offset, BASE + offset, size, size] {
            self.word(out, number);
        }
        if !self.wide {
            self.int(out, 6);
        }
        self.word(out, 16);
    }

    /// Where the first section's bytes begin.
    fn start(&self) -> u64 {
        if self.wide {
            64 + 3 * 56 + 8
        } else {
            52 + 3 * 32 + 12
        }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let (header, segment, section) = if self.wide {
            (64, 56, 64)
        } else {
            (52, 32, 40)
        };
        let mut names = vec![0];
        let mut body = Vec::new();
        let mut headers = Vec::new();
        let mut dynamic = (0, 0);
        self.section(&mut headers, [0; 6]);
        for (place, (name, bytes, left_out)) in self.sections.iter().enumerate() {
            body.resize(body.len().next_multiple_of(16), 0);
            let (at, size) = (self.start() + body.len() as u64, bytes.len() as u64);
            if *name == ".dynamic" {
                dynamic = (at, size);
            }
            let kind = match *name {
                _ if *left_out => 8,
                ".dynsym" => 11,
                _ => 1,
            };
            let address = if self.addressed { BASE + at } else { 0 };
            // The names of symbols are in the section behind them.
            let link = if kind == 11 { place as u64 + 2 } else { 0 };
            self.section(
                &mut headers,
                [names.len() as u64, kind, address, at, size, link],
            );
            names.extend(name.as_bytes());
            names.push(0);
            if !left_out {
                body.extend(bytes);
            }
        }
        let at = self.start() + body.len() as u64;
        let name = names.len() as u64;
        names.extend(b".shstrtab\0");
        self.section(&mut headers, [name, 3, 0, at, names.len() as u64, 0]);
        body.extend(names);
        let table = self.start() + body.len() as u64;
        let count = u16::try_from(self.sections.len() + 2).expect("few");

        let mut out = vec![
            0x7f,
            b'E',
            b'L',
            b'F',
            1 + u8::from(self.wide),
            1 + u8::from(self.big),
            1,
        ];
        out.resize(16, 0);
        self.short(&mut out, self.kind);
        self.short(&mut out, self.machine);
        self.int(&mut out, 1);
        for number in [0, header, table] {
            self.word(&mut out, number);
        }
        self.int(&mut out, 0);
        for number in [
            u16::try_from(header).expect("small"),
            segment,
            3,
            section,
            count,
            count - 1,
        ] {
            self.short(&mut out, number);
        }
        self.segment(&mut out, 1, 0, table);
        self.segment(&mut out, 2, dynamic.0, dynamic.1);
        self.segment(&mut out, if self.interpreter { 3 } else { 0 }, 0, 0);
        out.resize(usize::try_from(self.start()).expect("small"), 0);
        out.extend(body);
        out.extend(headers);
        out
    }

    /// Where the bytes of a section lie, in the file; `addressed` ones are loaded at `BASE` and so much.
    fn place(&self, wanted: &str) -> u64 {
        let mut at = 0;
        for (name, bytes, _) in &self.sections {
            at = u64::next_multiple_of(at, 16);
            if *name == wanted {
                break;
            }
            at += bytes.len() as u64;
        }
        self.start() + at
    }

    /// `[name, kind, address, offset, size, link]`.
    fn section(&self, out: &mut Vec<u8>, [name, kind, address, offset, size, link]: [u64; 6]) {
        self.int(out, u32::try_from(name).expect("small"));
        self.int(out, u32::try_from(kind).expect("small"));
        for number in [0, address, offset, size] {
            self.word(out, number);
        }
        self.int(out, u32::try_from(link).expect("small"));
        self.int(out, 0);
        self.word(out, 16);
        self.word(out, 0);
    }
}

/// Entries of the dynamic linker's table.
fn dynamic(big32: bool, entries: &[(u32, u32)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (tag, value) in entries.iter().chain(&[(0, 0)]) {
        for number in [tag, value] {
            if big32 {
                out.extend(number.to_be_bytes());
            } else {
                out.extend(u64::from(*number).to_le_bytes());
            }
        }
    }
    out
}

const MODULES: &str = "path\texample.org/shop/cmd/shop\nmod\texample.org/shop\t(devel)\t\ndep\tgithub.com/gin-gonic/gin\tv1.6.3\th1:x=\ndep\tgithub.com/old/name\tv1.0.0\th1:y=\n=>\tgithub.com/new/name\tv1.2.0\th1:z=\ndep\texample.org/local\tv0.0.0\n=>\t./local\t(devel)\t\nbuild\t-compiler=gc\nbuild\t-ldflags=\"-s -w -X main.version=2.0.1\"\n";

fn sentinels(modules: &str) -> Vec<u8> {
    let mut out = vec![0x30; 16];
    out.extend(modules.as_bytes());
    out.extend([0xf9; 16]);
    out
}

fn varint(out: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        out.push(u8::try_from(number & 0x7f).expect("seven bits") | 0x80);
        number >>= 7;
    }
    out.push(u8::try_from(number).expect("seven bits"));
}

/// Build information as Go 1.18 and later write it.
fn inline(toolchain: &str, modules: &str) -> Vec<u8> {
    let mut out = b"\xff Go buildinf:\x08\x02".to_vec();
    out.resize(32, 0);
    varint(&mut out, toolchain.len());
    out.extend(toolchain.as_bytes());
    let modules = if modules.is_empty() {
        Vec::new()
    } else {
        sentinels(modules)
    };
    varint(&mut out, modules.len());
    out.extend(modules);
    out
}

/// Build information as Go 1.17 and earlier wrote it, in a big-endian file of 32 bits at `at`.
fn pointed(at: u64, toolchain: &str, modules: &str) -> Vec<u8> {
    let modules = sentinels(modules);
    let mut out = b"\xff Go buildinf:\x04\x01".to_vec();
    let mut number = |number: usize| {
        out.extend(u32::try_from(number).expect("small").to_be_bytes());
    };
    let at = usize::try_from(BASE + at).expect("small");
    let (first, second) = (at + 24, at + 32);
    let text = at + 40;
    for value in [
        first,
        second,
        text,
        toolchain.len(),
        text + toolchain.len(),
        modules.len(),
    ] {
        number(value);
    }
    out.extend(toolchain.as_bytes());
    out.extend(modules);
    out
}

fn go_old() -> Vec<u8> {
    let mut program = Program {
        wide: false,
        big: true,
        machine: 8,
        ..Program::new(&[])
    };
    let info = pointed(program.start(), "go1.16.15", MODULES);
    program.sections.push((".go.buildinfo", info, false));
    program.bytes()
}

fn zlib(text: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn rust(text: &str) -> Vec<u8> {
    Program::new(&[(".dep-v0", &zlib(text.as_bytes()))]).bytes()
}

/// The section `.go.buildinfo` that Go 1.19.8 wrote for a module without dependencies, with
/// `-ldflags "-s -w -X main.version=1.2.3"`.
const REAL_GO: &[u8] = include_bytes!("real-go-buildinfo.bin");
/// The section `.dep-v0` that cargo-auditable wrote for a crate with one dependency and one build dependency.
const REAL_RUST: &[u8] = include_bytes!("real-dep-v0.bin");

/// Constants of a Rust program: paths run into each other and into messages.
const RUST_PATHS: &[u8] = b"/root/.cargo/registry/src/index.crates.io-6f17d22bba15001f/serde_json-1.0.108/src/de.rs/root/.cargo/registry/src/index.crates.io-6f17d22bba15001f/utf-8-0.7.6/src/lib.rscalled `Option::unwrap()` on a `None` value/root/.cargo/registry/src/index.crates.io-6f17d22bba15001f/serde_json-1.0.108/src/read.rs/rustc/abc/library/core/src/fmt/mod.rs";
const RUST_ODD_PATHS: &[u8] = b"registry/src/registry/src//a-1.0.0/registry/src/i/a b-1.0.0/registry/src/i/../registry/src/i/-1.0.0/registry/src/\xff/a-1.0.0/registry/src/i/cut-1.0.0";

fn elf() -> Vec<(&'static str, Vec<u8>)> {
    let library = Program {
        wide: false,
        big: true,
        kind: 3,
        machine: 20,
        ..Program::new(&[(".text", b"code"), (".dynamic", &dynamic(true, &[(14, 1)]))])
    };
    let pie = Program {
        kind: 3,
        interpreter: true,
        machine: 183,
        ..Program::new(&[
            (".text", b"code"),
            (".dynamic", &dynamic(false, &[(0x6fff_fffb, 0x0800_0000)])),
        ])
    };
    // The C library asks for a dynamic linker and is a library all the same.
    let libc = Program {
        kind: 3,
        interpreter: true,
        ..Program::new(&[
            (".text", b"code"),
            (".dynamic", &dynamic(false, &[(14, 1)])),
        ])
    };
    let debug = Program {
        sections: vec![(".text", vec![0; 64], true)],
        ..Program::new(&[])
    };
    let object = Program {
        kind: 1,
        ..Program::new(&[(".text", b"code")])
    };
    let plain = Program::new(&[(".text", b"code"), (".comment", b"GCC: (GNU) 12\0")]).bytes();
    let mut lies = plain.clone();
    lies[60..62].copy_from_slice(&[0xff, 0xff]);
    let mut bare = plain.clone();
    bare[40..48].fill(0);
    let mut packed = bare.clone();
    packed[236..240].copy_from_slice(b"UPX!");
    let mut class = plain.clone();
    class[4] = 9;
    let stripped = Program::new(&[(".gopclntab", b"x")]).bytes();
    let comment = Program::new(&[(".comment", b"GCC: 12\0rustc version 1.95.0\0")]).bytes();
    vec![
        (
            "binary/elf/happy/root/bin/go",
            Program::new(&[(".go.buildinfo", &inline("go1.21.3", MODULES))]).bytes(),
        ),
        ("binary/elf/happy/root/bin/pie", pie.bytes()),
        ("binary/elf/happy/root/bin/plain", plain.clone()),
        ("binary/elf/happy/root/bin/rust", rust("{}")),
        ("binary/elf/happy/root/lib/libc.so.6", libc.bytes()),
        ("binary/elf/happy/root/lib/libx.so", library.bytes()),
        ("binary/elf/happy/root/lib/x.debug", debug.bytes()),
        ("binary/elf/happy/root/lib/x.o", object.bytes()),
        (
            "binary/elf/opaque/root/bin/go-old",
            Program::new(&[(".go.buildinfo", &inline("go1.19", "path\texample.org/x\n"))]).bytes(),
        ),
        ("binary/elf/opaque/root/bin/go-stripped", stripped),
        ("binary/elf/opaque/root/bin/no-sections", bare),
        ("binary/elf/opaque/root/bin/rust", comment),
        ("binary/elf/opaque/root/bin/upx", packed),
        ("binary/elf/hostile/root/bin/class", class),
        ("binary/elf/hostile/root/bin/lies", lies),
        (
            "binary/elf/truncated/root/bin/cut",
            plain[..plain.len() - 70].to_vec(),
        ),
        ("binary/elf/truncated/root/bin/header", plain[..40].to_vec()),
        ("binary/elf/empty/root/bin/magic", b"\x7fELF".to_vec()),
        ("binary/elf/empty/root/bin/nothing", Vec::new()),
    ]
}

fn go() -> Vec<(&'static str, Vec<u8>)> {
    let program = |info: &[u8]| Program::new(&[(".go.buildinfo", info)]).bytes();
    let mut long = b"\xff Go buildinf:\x08\x02".to_vec();
    long.resize(32, 0);
    long.extend([0xff; 12]);
    let mut wild = b"\xff Go buildinf:\x08\x00".to_vec();
    wild.extend([0x41; 32]);
    let mut pointer = wild.clone();
    pointer[14] = 3;
    let mut cut = inline("go1.21.3", MODULES);
    cut.truncate(60);
    let mut at_end = Program::new(&[(".go.buildinfo", &cut)]);
    at_end.sections.push((".x", Vec::new(), false));
    let odd =
        "path\t\nmod\t\t\t\ndep\ndep\t \tv1\n=>\n=>\t\ndep\tx\ty z\th\ndep\tm\u{7}\tv1\nbuild\n";
    vec![
        (
            "binary/go/happy/root/bin/inline",
            program(&inline("go1.21.3 X:boringcrypto", MODULES)),
        ),
        ("binary/go/happy/root/bin/pointed", go_old()),
        (
            "binary/go/happy/root/bin/gopath",
            program(&inline("go1.19", "path\tgithub.com/a/b/cmd/c\n")),
        ),
        ("binary/go/empty/root/bin/none", program(&[])),
        ("binary/go/empty/root/bin/words", program(&inline("", ""))),
        ("binary/go/hostile/root/bin/length", program(&long)),
        (
            "binary/go/hostile/root/bin/odd",
            program(&inline("devel", odd)),
        ),
        ("binary/go/hostile/root/bin/pointer", program(&pointer)),
        ("binary/go/hostile/root/bin/wild", program(&wild)),
        ("binary/go/truncated/root/bin/cut", at_end.bytes()),
        ("binary/go/real/root/bin/tiny", program(REAL_GO)),
    ]
}

fn rusts() -> Vec<(&'static str, Vec<u8>)> {
    let happy = r#"{"packages":[{"name":"shop","version":"0.1.0","source":"local","dependencies":[1,2],"root":true},{"name":"time","version":"0.1.43","source":"crates.io"},{"name":"cc","version":"1.0.0","source":"crates.io","kind":"build"},{"name":"new","version":"1.0.0","source":"x","kind":"from-the-future"}]}"#;
    let odd = r#"{"packages":[{"name":"a b","version":"1"},{"name":"ok","version":"1.0.0","dependencies":[99,18446744073709551615]},{"name":"","version":""}]}"#;
    let mut cut = zlib(happy.as_bytes());
    cut.truncate(cut.len() / 2);
    vec![
        ("binary/rust/happy/root/bin/shop", rust(happy)),
        (
            "binary/rust/happy/root/bin/without-audit-data",
            Program::new(&[(".rodata", RUST_PATHS)]).bytes(),
        ),
        (
            "binary/rust/hostile/root/bin/paths",
            Program::new(&[(".rodata", RUST_ODD_PATHS)]).bytes(),
        ),
        (
            "binary/rust/empty/root/bin/no-data",
            Program::new(&[(".dep-v0", b"")]).bytes(),
        ),
        (
            "binary/rust/empty/root/bin/no-crates",
            rust(r#"{"packages":[]}"#),
        ),
        (
            "binary/rust/hostile/root/bin/bomb",
            Program::new(&[(".dep-v0", &zlib(&vec![b' '; 9 << 20]))]).bytes(),
        ),
        ("binary/rust/hostile/root/bin/json", rust("[[[[")),
        ("binary/rust/hostile/root/bin/odd", rust(odd)),
        (
            "binary/rust/truncated/root/bin/cut",
            Program::new(&[(".dep-v0", &cut)]).bytes(),
        ),
        (
            "binary/rust/real/root/bin/tiny",
            Program::new(&[(".dep-v0", REAL_RUST)]).bytes(),
        ),
    ]
}

/// A note of an ELF file: its owner, its type and what it says, filled up to four bytes.
fn note(big: bool, owner: &[u8], kind: u32, says: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let lengths = [owner.len(), says.len()].map(|length| u32::try_from(length).expect("small"));
    for number in [lengths[0], lengths[1], kind] {
        out.extend(if big {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        });
    }
    for bytes in [owner, says] {
        out.extend(bytes);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}

/// What Fedora writes; of Ubuntu and Azure Linux below.
const FEDORA: &str = r#"{"type":"rpm","name":"coreutils","version":"9.4-6.fc40","architecture":"x86_64","osCpe":"cpe:/o:fedoraproject:fedora:40"}"#;
const UBUNTU: &str = r#"{"type":"deb","os":"ubuntu","osVersion":"24.04","name":"openssl","version":"3.0.13-0ubuntu3.4","architecture":"amd64","debugInfoUrl":"https://debuginfod.ubuntu.com"}"#;
const AZURE: &str = r#"{"type":"rpm","name":"curl","version":"8.8.0-1.azl3","moduleVersion":"8.8.0","os":"azurelinux","osVersion":"3.0","maintainer":"Microsoft Corporation"}"#;
const OTHER: &str = r#"{"type":"flatpak","name":"org.example.Tool","version":"1.2"}"#;

fn notes() -> Vec<(&'static str, Vec<u8>)> {
    const KIND: u32 = 0xcafe_1a7e;
    let said = |json: &str| note(false, b"FDO\0", KIND, format!("{json}\0").as_bytes());
    let program = |notes: &[u8]| Program::new(&[(".note.package", notes)]).bytes();
    let after_others = [note(false, b"GNU\0", 3, &[1; 20]), said(UBUNTU)].concat();
    let big = Program {
        wide: false,
        big: true,
        machine: 20,
        ..Program::new(&[(
            ".note.package",
            &note(true, b"FDO\0", KIND, AZURE.as_bytes()),
        )])
    };
    let mut endless = said(FEDORA);
    endless[4..8].fill(0xff);
    vec![
        ("binary/note/happy/root/usr/bin/ls", program(&said(FEDORA))),
        (
            "binary/note/happy/root/usr/bin/openssl",
            program(&after_others),
        ),
        ("binary/note/happy/root/usr/bin/curl", big.bytes()),
        (
            "binary/note/happy/root/usr/bin/other",
            program(&said(OTHER)),
        ),
        (
            "binary/note/truncated/root/bin/json",
            program(&said(&FEDORA[..40])),
        ),
        (
            "binary/note/truncated/root/bin/note",
            program(&said(FEDORA)[..30]),
        ),
        ("binary/note/hostile/root/bin/endless", program(&endless)),
        (
            "binary/note/hostile/root/bin/large",
            program(&vec![0; 70_000]),
        ),
        (
            "binary/note/hostile/root/bin/names",
            program(&said(r#"{"type":"rpm","name":"a b","version":""}"#)),
        ),
        ("binary/note/empty/root/bin/nothing", program(b"")),
        (
            "binary/note/empty/root/bin/without",
            Program::new(&[(".text", b"code")]).bytes(),
        ),
    ]
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

/// A native image: the bill lies in `.data` behind its length, and two symbols lead there.
fn native(bill: &[u8], length: u64) -> Vec<u8> {
    const NAMES: &[u8] = b"\0sbom\0sbom_length\0other\0";
    let mut data = length.to_le_bytes().to_vec();
    data.extend(bill);
    let mut program = Program {
        addressed: true,
        ..Program::new(&[
            (".text", b"code"),
            (".svm_heap", b"heap"),
            (".data", &data),
            (".dynsym", &[0; 24 * 4]),
            (".dynstr", NAMES),
        ])
    };
    let at = BASE + program.place(".data");
    let mut symbols = vec![0; 24];
    for (name, section, address) in [(18_u32, 3_u16, at), (6, 3, at), (1, 3, at + 8)] {
        symbols.extend(name.to_le_bytes());
        symbols.extend([0x11, 0]);
        symbols.extend(section.to_le_bytes());
        symbols.extend(address.to_le_bytes());
        symbols.extend(8_u64.to_le_bytes());
    }
    program.sections[3].1 = symbols;
    program.bytes()
}

fn natives() -> Vec<(&'static str, Vec<u8>)> {
    let bill = br#"{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[{"bom-ref":"pkg:maven/io.netty/netty-codec-http2@4.1.76.Final","type":"library","group":"io.netty","name":"netty-codec-http2","version":"4.1.76.Final","purl":"pkg:maven/io.netty/netty-codec-http2@4.1.76.Final","licenses":[{"license":{"id":"Apache-2.0"}}]},{"type":"library","group":"org.slf4j","name":"slf4j-api","version":"2.0.9"},{"type":"library","name":"app","version":"1.0.0"}]}"#;
    let happy = gzip(bill);
    let length = happy.len() as u64;
    let odd =
        gzip(br#"{"components":[{"name":"a b","version":"1"},{"purl":"pkg:maven/g/a@1"},{}]}"#);
    let bomb = gzip(&vec![b' '; 33 << 20]);
    vec![
        (
            "binary/native-image/happy/root/app/server",
            native(&happy, length),
        ),
        (
            "binary/native-image/truncated/root/app/cut",
            native(&happy[..60], 60),
        ),
        (
            "binary/native-image/hostile/root/app/length",
            native(&happy, u64::MAX),
        ),
        (
            "binary/native-image/hostile/root/app/odd",
            native(&odd, odd.len() as u64),
        ),
        (
            "binary/native-image/hostile/root/app/bomb",
            native(&bomb, bomb.len() as u64),
        ),
        (
            "binary/native-image/hostile/root/app/other",
            native(b"not a stream", 12),
        ),
        (
            "binary/native-image/empty/root/app/no-libraries",
            native(&gzip(b"{}"), gzip(b"{}").len() as u64),
        ),
        (
            "binary/elf/opaque/root/bin/native-image",
            Program::new(&[(".text", b"code"), (".svm_heap", b"heap")]).bytes(),
        ),
    ]
}

/// An extension of PHP: strings, the table of the module, and the relocations that fill it.
fn extension(version: &[u8], mark: &[u8], relocated: bool) -> Vec<u8> {
    let strings = [b"redis\0".as_slice(), version, b"\0", mark, b"\0"].concat();
    let mut program = Program {
        addressed: true,
        kind: 3,
        ..Program::new(&[
            (".text", b"code"),
            (".rodata", &strings),
            (".rela.dyn", &[0; 72]),
            (".data.rel.ro", &[0; 168]),
        ])
    };
    let text = BASE + program.place(".rodata");
    let table = BASE + program.place(".data.rel.ro");
    let version_at = text + 6;
    let mark_at = version_at + version.len() as u64 + 1;
    let mut relocations = Vec::new();
    for (field, value) in [(160, mark_at), (32, text), (88, version_at)] {
        if relocated {
            for number in [table + field, 8, value] {
                relocations.extend(number.to_le_bytes());
            }
        } else {
            let at = usize::try_from(field).expect("small");
            program.sections[3].1[at..at + 8].copy_from_slice(&value.to_le_bytes());
        }
    }
    if relocated {
        program.sections[2].1 = relocations;
    }
    program.bytes()
}

fn extensions() -> Vec<(&'static str, Vec<u8>)> {
    let mark: &[u8] = b"API20230831,NTS";
    vec![
        (
            "binary/php-extension/happy/root/usr/local/lib/php/extensions/no-debug-non-zts-20230831/redis.so",
            extension(b"6.0.2", mark, true),
        ),
        (
            "binary/php-extension/happy/root/usr/lib/php83/modules/redis.so",
            extension(b"6.0.2", b"API20230831,TS", false),
        ),
        (
            "binary/php-extension/happy/root/usr/lib/other/redis.so",
            extension(b"6.0.2", mark, true),
        ),
        (
            "binary/php-extension/truncated/root/usr/lib/php/20230831/cut.so",
            extension(b"6.0.2", b"API20230831", true),
        ),
        (
            "binary/php-extension/hostile/root/usr/lib/php/20230831/no-version.so",
            extension(b"", mark, true),
        ),
        (
            "binary/php-extension/hostile/root/usr/lib/php/20230831/bytes.so",
            extension(b"\xff\xfe", mark, true),
        ),
        (
            "binary/php-extension/empty/root/usr/lib/php/20230831/library.so",
            Program::new(&[(".text", b"code"), (".rodata", b"")]).bytes(),
        ),
    ]
}

/// Every made program by its place below `fixtures/`.
pub(crate) fn fixtures() -> Vec<(&'static str, Vec<u8>)> {
    [elf(), go(), rusts(), notes(), natives(), extensions()].concat()
}
