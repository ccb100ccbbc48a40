//! Texts that people wrote into package records, cut to what is worth keeping.

/// Longest text that is kept of a licence or a maker, in characters. Some packages put the whole licence
/// text into the field that asks for its name.
const LONGEST: usize = 256;

/// The first line that says something, without the space around it; `None` if there is no such line or if
/// it is one of the words that tools write for "nothing".
pub(super) fn statement(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let clean: String = line
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST)
        .collect();
    let clean = clean.trim();
    // distutils wrote `UNKNOWN` for each field that was left out.
    (!matches!(clean, "" | "UNKNOWN" | "None")).then(|| clean.to_owned())
}

/// Whether a text can be the name or the version of a package: short, UTF-8 when it was read, and without
/// space or control characters.
pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST
        && !text.contains(|c: char| {
            c.is_whitespace() || c.is_control() || c == char::REPLACEMENT_CHARACTER
        })
}

/// Adds a statement unless it is there already.
pub(super) fn add(list: &mut Vec<String>, statement: Option<String>) {
    if let Some(statement) = statement
        && !list.contains(&statement)
    {
        list.push(statement);
    }
}
