//! Programs and shared objects: for which machine, made with what, and whether one can see what is inside.
//!
//! Only the tables of the file are read, and a few bytes of the sections that tell the toolchain.
//! - Go is known by the sections of its linker, Rust by its audit data or by the compiler's name in `.comment`.
//!   A Rust program that was stripped of that section too counts as [`Toolchain::Other`].
//! - A file is opaque if a packer (UPX) has hidden its contents, if it has no table of sections and nothing
//!   else that tells what it is, if it is made with Go and does not name its modules, if it is made with Rust and
//!   has no audit data, or if `GraalVM` made it of Java and left no bill of materials.
//! - A shared object is a movable file that names itself (`DT_SONAME`), or one that neither asks for a dynamic
//!   linker nor is marked as a program (`DF_1_PIE`). The C library asks for a linker too, hence the name.
//!
//! Object files, cores and separate debug files are not programs and are passed over.

use std::io::{Read, Seek};

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::Effect;
use plimsoll_model::fact::{Executable, FactBody, Opaque, Toolchain};

use super::buildinfo::{self, BuildInfo};
use super::dynamic::Dynamic;
use super::go::Modules;
use super::sections::{Class, Kind, Order, PT_INTERP, Tables, read_at};
use super::{native, rust};

/// Programs and shared objects.
#[derive(Debug)]
pub struct Elf;

static META: Meta = Meta {
    id: "binary/elf",
    revision: 4,
    docs: "Says of each ELF program and shared object for which machine it is, which toolchain made it, and \
           why its contents cannot be known, if so.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[],
        executables: Executables::Elf,
    },
    limit: super::LIMIT,
    // Not every file with the magic is a program: tests of tools are full of broken ones.
    loss: Effect::Note,
};

impl Analyzer for Elf {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let size = file.size;
        let mut reader = file.reader();
        match Tables::read(&mut reader, size) {
            Ok(Some(elf)) => {
                if let Some(executable) = describe(&elf, &mut reader, size) {
                    sink.fact(FactBody::Executable(executable));
                }
            }
            Ok(None) => {}
            Err(error) => sink.unreadable(format!("not a valid ELF file: {error}")),
        }
    }
}

fn describe<R: Read + Seek + ?Sized>(
    elf: &Tables,
    reader: &mut R,
    size: u64,
) -> Option<Executable> {
    if elf.section(".text").is_some_and(|text| !text.is_kept()) {
        // The code is elsewhere: these are its debug symbols.
        return None;
    }
    let (toolchain, opaque) = if !elf.has_sections() && is_upx(reader, size) {
        (Toolchain::Other, Some(Opaque::Packed))
    } else {
        contents(elf, reader, size)
    };
    let dynamic = Dynamic::read(elf, reader, size).unwrap_or_default();
    Some(Executable {
        machine: machine(elf),
        toolchain,
        opaque,
        library: is_library(elf, &dynamic),
        linkage: dynamic.linkage(elf, reader, size),
    })
}

/// The toolchain, and why the contents cannot be known.
fn contents<R: Read + Seek + ?Sized>(
    elf: &Tables,
    reader: &mut R,
    size: u64,
) -> (Toolchain, Option<Opaque>) {
    let build = if buildinfo::is_go(elf) || !elf.has_sections() {
        BuildInfo::read(elf, reader, size)
    } else {
        Ok(None)
    };
    match build {
        Ok(Some(info)) if Modules::parse(&info.modules).are_known() => (Toolchain::Go, None),
        Ok(Some(_)) => (Toolchain::Go, Some(Opaque::GoWithoutModules)),
        Ok(None) | Err(_) if buildinfo::is_go(elf) => {
            (Toolchain::Go, Some(Opaque::GoWithoutBuildInfo))
        }
        _ if !elf.has_sections() => (Toolchain::Other, Some(Opaque::WithoutSections)),
        _ if elf.section(rust::SECTION).is_some() => (Toolchain::Rust, None),
        _ if names_rustc(elf, reader, size) => {
            (Toolchain::Rust, Some(Opaque::RustWithoutAuditData))
        }
        _ if native::is_undescribed(elf, reader, size) => {
            (Toolchain::Other, Some(Opaque::NativeImageWithoutBill))
        }
        _ => (Toolchain::Other, None),
    }
}

/// UPX writes its mark after the program headers, in front of its loader.
fn is_upx<R: Read + Seek + ?Sized>(reader: &mut R, size: u64) -> bool {
    read_at(reader, size, 0, size.min(1024), "ELF header")
        .is_ok_and(|head| head.windows(4).any(|bytes| bytes == b"UPX!"))
}

/// Compilers leave their names in `.comment`, one after another.
fn names_rustc<R: Read + Seek + ?Sized>(elf: &Tables, reader: &mut R, size: u64) -> bool {
    let Some(section) = elf.section(".comment").filter(|section| section.is_kept()) else {
        return false;
    };
    let length = section.size.min(4096);
    read_at(reader, size, section.offset, length, ".comment")
        .is_ok_and(|text| text.windows(14).any(|bytes| bytes == b"rustc version "))
}

fn is_library(elf: &Tables, dynamic: &Dynamic) -> bool {
    match dynamic {
        _ if elf.kind == Kind::Fixed => false,
        Dynamic { program: true, .. } => false,
        Dynamic {
            soname: Some(_), ..
        } => true,
        Dynamic { .. } => elf.segment_of(PT_INTERP).is_none(),
    }
}

/// The machine by the name that `uname -m` gives it there.
fn machine(elf: &Tables) -> String {
    let name = match (elf.machine, elf.class, elf.order) {
        (3, _, _) => "i386",
        (8, Class::Elf32, Order::Big) => "mips",
        (8, Class::Elf32, Order::Little) => "mipsel",
        (8, Class::Elf64, Order::Big) => "mips64",
        (8, Class::Elf64, Order::Little) => "mips64el",
        (2, _, _) => "sparc",
        (4, _, _) => "m68k",
        (15, _, _) => "hppa",
        (20, _, _) => "ppc",
        (21, _, Order::Big) => "ppc64",
        (21, _, Order::Little) => "ppc64le",
        (22, Class::Elf32, _) => "s390",
        (22, Class::Elf64, _) => "s390x",
        (40, _, _) => "arm",
        (42, _, _) => "sh",
        (43, _, _) => "sparc64",
        (50, _, _) => "ia64",
        // x32 has the machine of x86_64 in files of 32 bits.
        (62, Class::Elf32, _) => "x32",
        (62, Class::Elf64, _) => "x86_64",
        (183, _, _) => "aarch64",
        (243, Class::Elf32, _) => "riscv32",
        (243, Class::Elf64, _) => "riscv64",
        (247, _, _) => "bpf",
        (258, _, _) => "loongarch64",
        (other, _, _) => return format!("machine {other}"),
    };
    name.to_owned()
}
