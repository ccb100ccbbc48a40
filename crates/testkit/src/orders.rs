//! Whether versions stand in the order in which each scheme's own tool puts them, and why not where they do not.
//!
//! `crates/version/tests/tables/generate.py` makes the pairs and asks the tools. `cargo xtask orders` does so for
//! every scheme; the test `orders` asks the tools that `.ci/run` installs, of fewer pairs.

mod explanations;
mod real;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use plimsoll_version::Scheme;

use crate::workspace;

pub use explanations::EXPLANATIONS;
pub use real::versions;

/// How the tools are reached.
#[derive(Debug, Clone)]
pub struct Tools {
    /// The Python that runs `generate.py`; it holds the libraries of the schemes whose tool is one.
    pub python: PathBuf,
    /// Variables for it, such as `APK_ROOT`.
    pub variables: Vec<(&'static str, OsString)>,
}

/// A pair of versions, and what the tool says of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    /// Whether the versions, or one of them, are real ones.
    pub real: bool,
    /// The first version.
    pub left: String,
    /// The second version.
    pub right: String,
    /// How the first stands to the second; `None` if the tool takes one of them for no version.
    pub tool: Option<Ordering>,
}

/// A pair of which Plimsoll says something else than the tool.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The pair and the tool's answer.
    pub answer: Answer,
    /// Plimsoll's answer; `None` if one of them is no version.
    pub ours: Option<Ordering>,
}

/// Why Plimsoll's answer is another than the tool's.
#[derive(Debug, Clone, Copy)]
pub struct Explanation {
    /// The scheme.
    pub scheme: Scheme,
    /// The reason. One sentence or two.
    pub why: &'static str,
    /// Whether this is the reason.
    pub covers: Cover,
}

/// How it shows that an explanation is the reason of a difference.
#[derive(Debug, Clone, Copy)]
pub enum Cover {
    /// The two texts show it.
    Text(fn(&Difference) -> bool),
    /// The tool shows it: it puts a third version between or beside the two so that its own answers cannot all be
    /// those of one order.
    Cycle,
}

/// What came of one scheme.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Pairs that were asked: made, and of real versions.
    pub pairs: [usize; 2],
    /// Those of them that the tool puts in an order.
    pub ordered: [usize; 2],
    /// Differences: pairs that both put in an order, and those that only one does.
    pub kinds: (usize, usize),
    /// Differences by the place of their explanation: how many, and the first.
    pub explained: BTreeMap<usize, (usize, Difference)>,
    /// Differences that nothing explains.
    pub unexplained: Vec<Difference>,
}

impl Tools {
    /// The tools that are on the machine.
    #[must_use]
    pub fn here() -> Self {
        Self {
            python: PathBuf::from("python3"),
            variables: Vec::new(),
        }
    }

    /// What answers for a scheme, with its version. The error says what is missing.
    pub fn name(&self, scheme: Scheme) -> Result<String, String> {
        self.run(&["tool", scheme.name()], "")
            .map(|name| name.trim().to_owned())
    }

    /// Asks until the tool has put `count` made pairs in order, and as many of the real versions in a file.
    pub fn ask(
        &self,
        scheme: Scheme,
        count: usize,
        seed: u32,
        real: Option<&Path>,
    ) -> Result<Vec<Answer>, String> {
        let (count, seed) = (count.to_string(), seed.to_string());
        let mut arguments = vec!["ask", scheme.name(), &count, "--seed", &seed];
        if let Some(real) = real {
            let path = real.to_str();
            arguments.extend(["--real", path.ok_or("the path is not UTF-8")?]);
        }
        parse(&self.run(&arguments, "")?)
    }

    /// Of each difference, whether the tool contradicts itself.
    fn contradictions(
        &self,
        scheme: Scheme,
        differences: &[Difference],
    ) -> Result<Vec<bool>, String> {
        let mut questions = String::new();
        for Difference { answer, .. } in differences {
            for third in thirds(answer) {
                let (left, right) = (&answer.left, &answer.right);
                let _ = writeln!(questions, "{left}\t{third}\n{third}\t{right}");
            }
        }
        let signs = self.run(&["answer", scheme.name()], &questions)?;
        let mut signs = signs.lines().map(order);
        let mut found = Vec::new();
        for Difference { answer, .. } in differences {
            let mut contradicts = false;
            for _ in thirds(answer) {
                let (first, second) = (signs.next(), signs.next());
                let (Some(first), Some(second)) = (first, second) else {
                    return Err("the tool left a question open".to_owned());
                };
                contradicts |= follows(first?, second?)
                    .is_some_and(|order| answer.tool.is_some_and(|tool| tool != order));
            }
            found.push(contradicts);
        }
        Ok(found)
    }

    fn run(&self, arguments: &[&str], input: &str) -> Result<String, String> {
        let unstarted = |error| format!("cannot start `{}`: {error}", self.python.display());
        let mut questions = tempfile::tempfile().map_err(|error| error.to_string())?;
        let written = questions.write_all(input.as_bytes());
        written
            .and_then(|()| questions.rewind())
            .map_err(|error| error.to_string())?;
        let output = Command::new(&self.python)
            .arg(workspace().join("crates/version/tests/tables/generate.py"))
            .args(arguments)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::from(questions))
            .output()
            .map_err(unstarted)?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
        }
        String::from_utf8(output.stdout).map_err(|error| error.to_string())
    }
}

/// Reads what `generate.py ask` prints. The error names the line.
pub fn parse(answers: &str) -> Result<Vec<Answer>, String> {
    answers.lines().map(read).collect()
}

/// A difference in one line; `?` stands for a text that is no version.
#[must_use]
pub fn shown(difference: &Difference) -> String {
    let Difference { answer, ours } = difference;
    let (left, right) = (&answer.left, &answer.right);
    let tool = sign(answer.tool);
    format!("`{left}` {tool} `{right}`, in Plimsoll {}", sign(*ours))
}

fn sign(order: Option<Ordering>) -> &'static str {
    match order {
        Some(Ordering::Less) => "<",
        Some(Ordering::Equal) => "=",
        Some(Ordering::Greater) => ">",
        None => "?",
    }
}

/// Versions that may show that the tool contradicts itself: each of the two cut anywhere, and with something more.
fn thirds(answer: &Answer) -> impl Iterator<Item = String> {
    [&answer.left, &answer.right].into_iter().flat_map(|text| {
        let ends = text.char_indices().map(|(end, _)| end).chain([text.len()]);
        let starts = ends.skip(1).map(|end| &text[..end]);
        starts.flat_map(|start| ["", "1", "a"].map(|more| format!("{start}{more}")))
    })
}

/// How the first version stands to the third, if that follows.
fn follows(first: Option<Ordering>, second: Option<Ordering>) -> Option<Ordering> {
    let (first, second) = (first?, second?);
    match (first, second) {
        (Ordering::Equal, order) | (order, Ordering::Equal) => Some(order),
        _ => (first == second).then_some(first),
    }
}

/// A sign of `generate.py`; `None` if the tool takes a text for no version.
fn order(sign: &str) -> Result<Option<Ordering>, String> {
    match sign {
        "<" => Ok(Some(Ordering::Less)),
        "=" => Ok(Some(Ordering::Equal)),
        ">" => Ok(Some(Ordering::Greater)),
        "?" => Ok(None),
        _ => Err(format!("`{sign}` is no sign")),
    }
}

/// A line of `generate.py ask`.
fn read(line: &str) -> Result<Answer, String> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [source, left, sign, right] = fields[..] else {
        return Err(format!("`{line}` is no answer"));
    };
    Ok(Answer {
        real: source == "real",
        left: left.to_owned(),
        right: right.to_owned(),
        tool: order(sign)?,
    })
}

impl Comparison {
    /// Holds the answers of a scheme's tool against Plimsoll's. The tool is asked again where it may contradict
    /// itself.
    pub fn of(scheme: Scheme, answers: Vec<Answer>, tools: &Tools) -> Result<Self, String> {
        let mut comparison = Self::default();
        let mut open = Vec::new();
        for answer in answers {
            let source = usize::from(answer.real);
            comparison.pairs[source] += 1;
            comparison.ordered[source] += usize::from(answer.tool.is_some());
            let ours = scheme.compare(&answer.left, &answer.right).ok();
            if ours == answer.tool {
                continue;
            }
            if ours.is_some() && answer.tool.is_some() {
                comparison.kinds.0 += 1;
            } else {
                comparison.kinds.1 += 1;
            }
            let difference = Difference { answer, ours };
            let text = |row: &Explanation| match row.covers {
                Cover::Text(covers) => row.scheme == scheme && covers(&difference),
                Cover::Cycle => false,
            };
            match EXPLANATIONS.iter().position(text) {
                Some(place) => comparison.add(place, difference),
                None => open.push(difference),
            }
        }
        let cycle = |row: &Explanation| row.scheme == scheme && matches!(row.covers, Cover::Cycle);
        let Some(place) = EXPLANATIONS.iter().position(cycle) else {
            comparison.unexplained = open;
            return Ok(comparison);
        };
        let cycles = tools.contradictions(scheme, &open)?;
        for (difference, contradicts) in open.into_iter().zip(cycles) {
            if contradicts {
                comparison.add(place, difference);
            } else {
                comparison.unexplained.push(difference);
            }
        }
        Ok(comparison)
    }

    fn add(&mut self, place: usize, difference: Difference) {
        self.explained.entry(place).or_insert((0, difference)).0 += 1;
    }

    /// How many answers differ.
    #[must_use]
    pub fn differences(&self) -> usize {
        self.kinds.0 + self.kinds.1
    }
}
