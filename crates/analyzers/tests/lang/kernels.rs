//! Images and modules of the Linux kernel for the fixtures, written by hand so that they can be wrong in chosen ways.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::programs::Program;

/// An image for x86 with its text at `at`, counted from the second sector.
fn image(at: u16, text: &[u8]) -> Vec<u8> {
    let mut out = vec![0; 0x600];
    out[0x1fe..0x200].copy_from_slice(&[0x55, 0xaa]);
    out[0x202..0x206].copy_from_slice(b"HdrS");
    out[0x206..0x208].copy_from_slice(&0x020f_u16.to_le_bytes());
    out[0x20e..0x210].copy_from_slice(&at.to_le_bytes());
    out[0x400..0x400 + text.len()].copy_from_slice(text);
    out
}

/// An uncompressed image for arm64.
fn arm64(text: &[u8]) -> Vec<u8> {
    let mut out = vec![0; 0x100];
    out[0x38..0x3c].copy_from_slice(b"ARM\x64");
    out.extend(text);
    out.extend([0; 64]);
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 19).expect("memory takes all")
}

/// A module that says this of itself.
fn module(text: &[u8]) -> Vec<u8> {
    Program::object(&[(".text", b"code"), (".modinfo", text)]).bytes()
}

const TEXT: &[u8] = b"6.12.43-acme (who@where) #1 SMP PREEMPT_DYNAMIC Wed Jan 1 2025\0";
const BANNER: &[u8] =
    b"%s version %s (who@where) %s\0Linux version 6.6.30-arm64 (who@where) (gcc 13) #1 SMP\n\0";
const MODULE: &[u8] = b"version=535.183.01\0license=NVIDIA\0srcversion=0A1B\0depends=i2c-core,drm\0name=nvidia\0vermagic=6.12.43-acme SMP preempt mod_unload \0";
const WITHIN: &[u8] = b"license=GPL v2\0license=BSD\0intree=Y\0name=vxlan\0depends=\0vermagic=6.12.43-acme SMP mod_unload \0";
const WITHOUT: &[u8] = b"license=GPL\0vermagic=4.4.0 SMP mod_unload \0";

fn images() -> Vec<(&'static str, Vec<u8>)> {
    let foreign = Program::new(&[(".rodata", b"needs Linux version 2.6.32 or newer\0")]);
    let vmlinux = Program::new(&[(".text", b"code"), (".rodata", BANNER)]);
    vec![
        (
            "binary/kernel/happy/root/boot/vmlinuz-6.12.43-acme",
            image(0x200, TEXT),
        ),
        ("binary/kernel/happy/root/boot/vmlinux", vmlinux.bytes()),
        ("binary/kernel/happy/root/srv/kernel-arm64", arm64(BANNER)),
        (
            "binary/kernel/happy/root/usr/lib/modules/6.6.30-arm64/vmlinuz",
            gzip(&arm64(BANNER)),
        ),
        (
            "binary/kernel/happy/root/lib/modules/6.1.0/modules.order",
            b"kernel/fs/fat/fat.ko\n".to_vec(),
        ),
        (
            "binary/kernel/truncated/root/boot/vmlinuz-cut",
            image(0x200, TEXT)[..0x40c].to_vec(),
        ),
        (
            "binary/kernel/truncated/root/boot/vmlinuz-gzip",
            gzip(&arm64(BANNER))[..60].to_vec(),
        ),
        (
            "binary/kernel/hostile/root/boot/vmlinuz-nowhere",
            image(0xffff, TEXT),
        ),
        (
            "binary/kernel/hostile/root/boot/vmlinuz-silent",
            image(0, TEXT),
        ),
        (
            "binary/kernel/hostile/root/boot/vmlinuz-control",
            image(0x200, b"6.1\x1b[2J (who@where)\0"),
        ),
        (
            "binary/kernel/hostile/root/boot/vmlinuz-binary",
            image(0x200, b"\xff\xfe (who@where)\0"),
        ),
        ("binary/kernel/hostile/root/boot/zImage", {
            let mut zimage = vec![0; 0x80];
            zimage[0x24..0x28].copy_from_slice(&0x016f_2818_u32.to_le_bytes());
            zimage
        }),
        ("binary/kernel/empty/root/boot/vmlinuz", Vec::new()),
        ("binary/kernel/empty/root/usr/bin/kernel", foreign.bytes()),
        (
            "binary/kernel/empty/root/etc/default/kernel",
            b"Linux version 6.1.0 (nobody)\n".to_vec(),
        ),
        (
            "binary/kernel/empty/root/lib/modules/6.1.0/modules.builtin",
            Vec::new(),
        ),
    ]
}

fn modules() -> Vec<(&'static str, Vec<u8>)> {
    let mut cut = zstd(&module(MODULE));
    cut.truncate(cut.len() / 2);
    // A frame that asks for a window of 2 GiB.
    let window = vec![0x28, 0xb5, 0x2f, 0xfd, 0, 21 << 3, 1, 0, 0];
    vec![
        (
            "binary/kernel-module/happy/root/lib/modules/6.12.43-acme/updates/dkms/nvidia.ko",
            module(MODULE),
        ),
        (
            "binary/kernel-module/happy/root/usr/lib/modules/6.12.43-acme/extra/vxlan.ko.gz",
            gzip(&module(WITHIN)),
        ),
        (
            "binary/kernel-module/happy/root/usr/lib/modules/4.4.0/misc/acme-net.ko.zst",
            zstd(&module(WITHOUT)),
        ),
        // What came with the kernel is not looked at.
        (
            "binary/kernel-module/happy/root/lib/modules/6.12.43-acme/kernel/net/af_key.ko.xz",
            b"xz".to_vec(),
        ),
        (
            "binary/kernel-module/truncated/root/lib/modules/6.1.0/extra/cut.ko",
            module(MODULE)[..80].to_vec(),
        ),
        (
            "binary/kernel-module/truncated/root/lib/modules/6.1.0/extra/cut.ko.zst",
            cut,
        ),
        (
            "binary/kernel-module/truncated/root/lib/modules/6.1.0/extra/cut.ko.xz",
            b"\xfd7zXZ\0".to_vec(),
        ),
        (
            "binary/kernel-module/hostile/root/lib/modules/6.1.0/extra/blank.ko",
            module(b"name=a b\0version=1\0"),
        ),
        (
            "binary/kernel-module/hostile/root/lib/modules/6.1.0/extra/control.ko",
            module(b"name=a\0version=1\x1b[2J\0"),
        ),
        (
            "binary/kernel-module/hostile/root/lib/modules/6.1.0/extra/window.ko.zst",
            window,
        ),
        (
            "binary/kernel-module/hostile/root/lib/modules/6.1.0/extra/text.ko.gz",
            gzip(b"not a module"),
        ),
        (
            "binary/kernel-module/empty/root/lib/modules/6.1.0/extra/program.ko",
            Program::new(&[(".text", b"code")]).bytes(),
        ),
        (
            "binary/kernel-module/empty/root/lib/modules/6.1.0/extra/object.ko",
            Program::object(&[(".text", b"code")]).bytes(),
        ),
        (
            "binary/kernel-module/empty/root/srv/nvidia.ko",
            module(MODULE),
        ),
    ]
}

/// Every made image and module by its place below `fixtures/`.
pub(crate) fn fixtures() -> Vec<(&'static str, Vec<u8>)> {
    [images(), modules()].concat()
}
