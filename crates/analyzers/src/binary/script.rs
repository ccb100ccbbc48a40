//! Scripts: which interpreter the kernel would start for them.
//!
//! Source: `execve(2)`, "Interpreter scripts": a first line `#! interpreter [argument]`, of which the kernel reads 255
//! bytes. Only a line that ends within them is believed, so that no name is cut off.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Part, Sink};
use plimsoll_model::Effect;
use plimsoll_model::fact::{self, FactBody};

/// Scripts.
#[derive(Debug)]
pub struct Script;

static META: Meta = Meta {
    id: "binary/script",
    revision: 1,
    docs: "Says of each file that begins with `#!` which interpreter the kernel would start for it.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[],
        executables: Executables::Script,
    },
    limit: super::LIMIT,
    loss: Effect::Note,
};

/// As much as the kernel reads (`BINPRM_BUF_SIZE`, less the zero at its end).
const LINE: u64 = 255;

impl Analyzer for Script {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn part(&self) -> Part {
        Part::Head(LINE)
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        if let Some(script) = file.bytes().and_then(parse) {
            sink.fact(FactBody::Script(script));
        }
    }
}

/// The interpreter and what follows it; `None` for a line that is none.
fn parse(bytes: &[u8]) -> Option<fact::Script> {
    let rest = bytes.strip_prefix(b"#!")?;
    let whole = rest.iter().position(|byte| *byte == b'\n');
    let line = match whole {
        Some(end) => rest.get(..end)?,
        None if (bytes.len() as u64) < LINE => rest,
        None => return None,
    };
    let line = std::str::from_utf8(line).ok()?.trim_matches([' ', '\t']);
    let (interpreter, argument) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    // `#![…]` begins many a source file of Rust.
    let sound =
        interpreter.starts_with('/') && !line.contains(|c: char| c.is_control() && c != '\t');
    sound.then(|| fact::Script {
        interpreter: interpreter.to_owned(),
        argument: argument.trim().to_owned(),
    })
}
