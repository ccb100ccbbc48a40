//! Reads `scheme<TAB>a<TAB>b` lines and answers each with `<`, `=`, `>`, or `?` where a text is no
//! version. `tests/tables/generate.py` uses it to hold this crate against the native tools.

use std::cmp::Ordering;
use std::io::{self, BufRead, BufWriter, Write};

use plimsoll_version::Scheme;

fn answer(line: &str) -> Option<char> {
    let mut fields = line.split('\t');
    let scheme: Scheme = fields.next()?.parse().ok()?;
    let (left, right) = (fields.next()?, fields.next()?);
    Some(match scheme.compare(left, right).ok()? {
        Ordering::Less => '<',
        Ordering::Equal => '=',
        Ordering::Greater => '>',
    })
}

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        writeln!(out, "{}", answer(&line?).unwrap_or('?'))?;
    }
    out.flush()
}
