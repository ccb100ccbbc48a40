//! How long matching takes by itself, without start of the program and report: for `cargo xtask bench scale`.
//!
//! `match_list DATABASE LIST ROUNDS` opens the database and matches the packages of the list, as often as told, each
//! time with nothing kept from the time before, and prints the median in milliseconds.

use std::env::args;
use std::fs;
use std::path::Path;
use std::time::Instant;

use plimsoll_assess::advisory::{Database, match_packages};
use plimsoll_assess::sbom;

#[expect(clippy::print_stdout, reason = "it is what the program is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = args().skip(1).collect();
    let [database, list, rounds] = arguments.as_slice() else {
        return Err("match_list DATABASE LIST ROUNDS".into());
    };
    let facts = sbom::facts(&sbom::read(&fs::read(list)?)?, list);
    let mut times = Vec::new();
    for _ in 0..rounds.parse::<usize>()?.max(1) {
        let start = Instant::now();
        let database = Database::open(Path::new(database))?;
        let found = match_packages(&facts, &database);
        times.push(start.elapsed());
        if found.matches.is_empty() {
            return Err("no package of the list has a flaw".into());
        }
    }
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    println!("{:.3}", median.as_secs_f64() * 1000.0);
    Ok(())
}
