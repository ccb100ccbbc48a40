//! Layers whose digests are honest and whose content is not.

use plimsoll_testkit::careful::ALPINE;
use plimsoll_testkit::image::{Compression, Image, Layer, oci};

use super::{Judge, program, text};

#[test]
fn a_cut_layer_is_an_error_even_if_its_digest_is_honest() {
    let judge = Judge::new();
    let whole = Layer::new(ALPINE);
    for length in (1..whole.tar().len() - 1024).step_by(200) {
        // The tar itself ends early, and everything that is promised of it is true.
        let cut = Layer::of_tar(whole.tar()[..length].to_vec());
        let run = judge.assess_layers(std::slice::from_ref(&cut));
        if run.code == 4 {
            run.ends(4, &["image.tar", "truncated"]);
            continue;
        }
        // Cut behind the content of an entry: a tar without an end, as some tools write it. It is said, and
        // what is missing is missed.
        let report = run.json();
        let problems = report["problems"].to_string();
        assert!(
            problems.contains("without the two blocks of zeros"),
            "{length}: {problems}"
        );
        assert!(
            run.code == 3 || report["packages"][0]["name"] == "musl",
            "{length}: {run:?}"
        );
    }
}

#[test]
fn a_bomb_is_not_unpacked() {
    // One file of 300 MiB: more than 400 times its size in the archive.
    let mut header = tar_header("bomb", b'0', 300 << 20);
    header.resize(512 + (300 << 20) + 1024, 0);
    let bomb = Layer::of_tar(header);
    for compression in [Compression::Gzip, Compression::Zstd] {
        let program = program();
        let image = Image::new("app:1")
            .layer(ALPINE)
            .layer(bomb.clone().stored(compression));
        let archive = program.file("image.tar", oci(&[image]).tar());
        let run = program.run(["assess", text(&archive)]);
        run.ends(4, &["image.tar", "limit"]);
    }
}

/// One header of a tar, with a valid checksum.
fn tar_header(name: &str, kind: u8, size: u64) -> Vec<u8> {
    raw_header(
        name.as_bytes(),
        kind,
        format!("{size:011o}\0").as_bytes(),
        b"",
    )
}

fn raw_header(name: &[u8], kind: u8, size: &[u8], link: &[u8]) -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..name.len()].copy_from_slice(name);
    header[100..108].copy_from_slice(b"0000644\0");
    header[124..124 + size.len()].copy_from_slice(size);
    header[136..148].copy_from_slice(b"00000000000\0");
    header[156] = kind;
    header[157..157 + link.len()].copy_from_slice(link);
    header[257..265].copy_from_slice(b"ustar\x0000");
    header[148..156].copy_from_slice(b"        ");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

/// Entries that would leave the root, or turn in circles, change nothing of what is found beside them.
#[test]
fn entries_that_lead_out_stay_inside() {
    let judge = Judge::new();
    let hostile = r#"
../../../../etc/lsb-release = "ID=escaped\n"
/absolute = "x"
./../outside = "x"
a/../../../outside = "x"
loop/a -> b
loop/b -> a
self -> self
up -> ../../../../../..
up/etc/lsb-release = "ID=escaped\n"
host -> /
hard => ../../../../etc/shadow
hard2 => /etc/shadow
hard3 => hard3
absent => nowhere
dir/ 
dir/ 
dir/file/below = "x"
dir/file = "x"
.wh..wh..opq/odd = "x"
~..
"#;
    for layers in [
        vec![Layer::new(ALPINE), Layer::new(hostile)],
        vec![Layer::new(hostile), Layer::new(ALPINE)],
        vec![Layer::new(&format!("{ALPINE}{hostile}"))],
    ] {
        let run = judge.assess_layers(&layers);
        assert_ne!(run.code, 4, "{run:?}");
        let report = run.json();
        assert_eq!(report["packages"][0]["name"], "musl", "{run:?}");
        assert!(report["os"]["id"] == "alpine", "{}", report["os"]);
        assert!(!judge.program.folder().join("../outside").exists());
    }
}

#[test]
fn odd_entries_are_walked_over() {
    let judge = Judge::new();
    let mut tar = Layer::new(ALPINE).tar().to_vec();
    tar.truncate(tar.len() - 1024);
    for header in [
        raw_header(b"name-\xff\xfe\xc3", b'0', b"00000000000\0", b""),
        raw_header(b"\xff/\xfe", b'2', b"00000000000\0", b"\xff\xff"),
        raw_header(b"char", b'3', b"00000000000\0", b""),
        raw_header(b"block", b'4', b"00000000000\0", b""),
        raw_header(b"pipe", b'6', b"00000000000\0", b""),
        raw_header(b"unknown", b'Z', b"00000000000\0", b""),
        raw_header(b"", b'0', b"00000000000\0", b""),
        raw_header(b"link-to-nothing", b'2', b"00000000000\0", b""),
    ] {
        tar.extend(header);
    }
    tar.extend([0; 1024]);
    let run = judge.assess_layers(&[Layer::of_tar(tar)]);
    assert_eq!(run.json()["packages"][0]["name"], "musl", "{run:?}");
}

/// Sizes that no layer has: negative, in base 256, beyond the end, beyond a number.
#[test]
fn entries_that_claim_too_much_are_errors() {
    let judge = Judge::new();
    for size in [
        &b"77777777777\0"[..],
        b"\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff",
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        b"nonsense!!!\0",
        b"00000002000\0",
    ] {
        for kind in [b'0', b'x', b'L', b'g', b'S'] {
            let mut tar = Layer::new(ALPINE).tar().to_vec();
            tar.truncate(tar.len() - 1024);
            tar.extend(raw_header(b"claims", kind, size, b""));
            let run = judge.assess_layers(&[Layer::of_tar(tar)]);
            run.ends(4, &["image.tar"]);
        }
    }
}
