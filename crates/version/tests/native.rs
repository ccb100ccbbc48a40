//! A sample of the tables against native tools that happen to be on the machine. The tables are what
//! counts: a tool that is missing is skipped.

use std::cmp::Ordering;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use plimsoll_version::Scheme;

/// Every `step`th pair of a scheme's generated table.
fn sample(scheme: Scheme, step: usize) -> Vec<(String, String)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join(format!("tests/tables/generated/{scheme}.txt"));
    let table = fs::read_to_string(path).expect("each scheme has a table");
    let rows = table.lines().filter(|line| !line.starts_with(['#', '@']));
    rows.step_by(step)
        .filter_map(|line| {
            let mut words = line.split(' ');
            let (left, _, right) = (words.next()?, words.next()?, words.next()?);
            Some((left.to_owned(), right.to_owned()))
        })
        .collect()
}

fn is_there(program: &str, argument: &str) -> bool {
    Command::new(program)
        .arg(argument)
        .output()
        .is_ok_and(|output| output.status.success())
}

#[test]
fn dpkg_agrees() {
    if !is_there("dpkg", "--version") {
        return;
    }
    let operator = |order| match order {
        Ordering::Less => "lt",
        Ordering::Equal => "eq",
        Ordering::Greater => "gt",
    };
    for (left, right) in sample(Scheme::Deb, 10) {
        let Ok(order) = Scheme::Deb.compare(&left, &right) else {
            continue;
        };
        let output = Command::new("dpkg")
            .args(["--compare-versions", &left, operator(order), &right])
            .output()
            .expect("dpkg has just been there");
        assert!(
            output.status.success(),
            "{left} {} {right}",
            operator(order)
        );
    }
}

#[test]
fn rpm_agrees() {
    if !is_there("rpm", "--version") {
        return;
    }
    for (left, right) in sample(Scheme::Rpm, 20) {
        let Ok(order) = Scheme::Rpm.compare(&left, &right) else {
            continue;
        };
        let script = format!("%{{lua:print(rpm.vercmp('{left}', '{right}'))}}");
        let output = Command::new("rpm")
            .args(["--eval", &script])
            .output()
            .expect("rpm has just been there");
        let answer = String::from_utf8_lossy(&output.stdout);
        let expected = (order as i8).to_string();
        assert_eq!(answer.trim(), expected, "{left} {right}");
    }
}
