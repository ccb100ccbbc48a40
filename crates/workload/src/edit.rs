//! Patches of YAML that leave every byte outside of the change as it is.
//!
//! A change that cannot be made without touching more (a value behind an alias, a key that comes from a merge)
//! is none: the finding then has its suggestion alone.

use plimsoll_model::lint::Edit;
use plimsoll_model::lint::fix::{insert, remove, replace, whole_lines};
use plimsoll_model::lint::span::Span;

use crate::yaml::{Content, NodeId, Notation, Style, Tree};

/// What to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'v> {
    /// A scalar as it stands in YAML.
    Bare(&'v str),
    /// A list of such scalars.
    List(&'v [&'v str]),
}

/// Sets what stands below these keys of a mapping; what is missing on the way is put in.
#[must_use]
pub fn set(tree: &Tree<'_>, map: NodeId, path: &[&str], value: Value<'_>) -> Option<Vec<Edit>> {
    let mut map = map;
    let mut path = path;
    loop {
        let (key, rest) = path.split_first()?;
        let Content::Mapping(mapping) = &tree.node(map).content else {
            return None;
        };
        let Some((name, held)) = tree.own(map, key) else {
            // A mapping that is merged would be hidden by a new one of that name.
            let is_merged = tree.get(map, key).is_some();
            let hides = !rest.is_empty() || matches!(value, Value::List(_));
            if is_merged && hides {
                return None;
            }
            let edit = match mapping.style {
                Style::Block => insert_lines(tree, map, path, value)?,
                Style::Flow => insert_flow(tree, map, path, value)?,
            };
            return Some(vec![edit]);
        };
        if tree.is_null(held) && tree.resolve(held) == held {
            return fill(tree, map, name, held, rest, value);
        }
        if rest.is_empty() {
            return change(tree, held, value);
        }
        map = held;
        path = rest;
    }
}

/// Replaces a scalar, or adds to a list what it lacks.
fn change(tree: &Tree<'_>, held: NodeId, value: Value<'_>) -> Option<Vec<Edit>> {
    match (&tree.node(held).content, value) {
        (Content::Scalar(_, Notation::Plain | Notation::Quoted), Value::Bare(text)) => {
            let text = quoted(tree, held, text);
            Some(vec![replace(tree.span(held), text)])
        }
        (Content::Sequence(items, style), Value::List(wanted)) => {
            let has = |text: &str| items.iter().any(|item| tree.scalar(*item) == Some(text));
            let missing: Vec<&str> = wanted.iter().copied().filter(|text| !has(text)).collect();
            append(tree, held, items, *style, &missing).map(|edit| vec![edit])
        }
        _ => None,
    }
}

fn append(
    tree: &Tree<'_>,
    list: NodeId,
    items: &[NodeId],
    style: Style,
    missing: &[&str],
) -> Option<Edit> {
    let Some(end) = items.last().copied() else {
        let text = format!("[{}]", missing.join(", "));
        return (style == Style::Flow).then(|| replace(tree.span(list), text));
    };
    if style == Style::Flow {
        let quoted: Vec<String> = missing.iter().map(|text| quoted(tree, end, text)).collect();
        return Some(insert(
            tree.span(end).end,
            format!(", {}", quoted.join(", ")),
        ));
    }
    let indent = list_indent(tree, *items.first()?)?;
    let newline = newline(tree);
    let mut text = String::new();
    for item in missing {
        text.push_str(newline);
        text.push_str(&indent);
        text.push_str("- ");
        text.push_str(item);
    }
    Some(insert(line_end(tree, end)?, text))
}

/// The white space before the dash of a block list, known by its first item.
fn list_indent(tree: &Tree<'_>, first: NodeId) -> Option<String> {
    let (prefix, _) = prefix(tree, tree.span(first).start)?;
    let dash = prefix.rfind('-')?;
    let before = prefix.get(..dash)?;
    Some(blank(before))
}

/// As many blanks as a prefix of dashes and blanks is wide.
fn blank(prefix: &str) -> String {
    " ".repeat(prefix.chars().count())
}

/// What stands before a place on its line, if only blanks and dashes do, and where the line begins.
fn prefix<'t>(tree: &Tree<'t>, at: usize) -> Option<(&'t str, usize)> {
    let before = tree.text.get(..at)?;
    let start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
    let prefix = tree.text.get(start..at)?;
    let only = prefix.chars().all(|c| c == ' ' || c == '-');
    // `---` opens a document; it is no list of lists.
    (only && !prefix.contains("--")).then_some((prefix, start))
}

/// The end of a node's last line, if only a comment follows it there.
fn line_end(tree: &Tree<'_>, node: NodeId) -> Option<usize> {
    if last_leaf_is_lines(tree, node) {
        return None;
    }
    end_of_line(tree, tree.span(node).end)
}

fn end_of_line(tree: &Tree<'_>, from: usize) -> Option<usize> {
    let rest = tree.text.get(from..)?;
    let line = rest
        .find('\n')
        .map_or(rest, |at| rest.get(..at).unwrap_or(rest));
    let line = line.strip_suffix('\r').unwrap_or(line);
    let tail = line.trim_start();
    (tail.is_empty() || tail.starts_with('#')).then(|| from.saturating_add(line.len()))
}

/// Whether the last thing in it is a text in lines, whose blank lines at the end may count.
fn last_leaf_is_lines(tree: &Tree<'_>, node: NodeId) -> bool {
    let mut node = node;
    loop {
        let last = match &tree.node(node).content {
            Content::Scalar(_, notation) => return *notation == Notation::Lines,
            Content::Sequence(items, Style::Block) => items.last().copied(),
            Content::Mapping(mapping) if mapping.style == Style::Block => {
                mapping.entries.last().map(|(_, value)| *value)
            }
            _ => return false,
        };
        let Some(last) = last else { return false };
        node = last;
    }
}

fn newline(tree: &Tree<'_>) -> &'static str {
    if tree.is_crlf { "\r\n" } else { "\n" }
}

/// A scalar with the quotes that its neighbour has, so that JSON stays JSON.
fn quoted(tree: &Tree<'_>, neighbour: NodeId, text: &str) -> String {
    let is_quoted = tree.span(neighbour).of(tree.text).starts_with('"');
    let is_literal = matches!(text, "true" | "false" | "null") || text.parse::<f64>().is_ok();
    if is_quoted && !is_literal && !text.starts_with(['"', '\'']) {
        format!("\"{text}\"")
    } else {
        text.to_owned()
    }
}

/// Keys below each other, and the value, as lines; without a line break before the first and behind the last.
fn lines(path: &[&str], value: Value<'_>, indent: &str, newline: &str) -> String {
    let mut out = String::new();
    let mut indent = indent.to_owned();
    for (depth, key) in path.iter().enumerate() {
        if depth > 0 {
            out.push_str(newline);
            indent.push_str("  ");
            out.push_str(&indent);
        }
        out.push_str(key);
        out.push(':');
    }
    match value {
        Value::Bare(text) => {
            out.push(' ');
            out.push_str(text);
        }
        Value::List(items) => {
            for item in items {
                out.push_str(newline);
                out.push_str(&indent);
                out.push_str("  - ");
                out.push_str(item);
            }
        }
    }
    out
}

/// Keys in each other, and the value, in brackets; `is_json` quotes what JSON quotes.
fn flow(path: &[&str], value: Value<'_>, is_json: bool) -> String {
    let text = |text: &str| {
        let is_literal = matches!(text, "true" | "false" | "null") || text.parse::<f64>().is_ok();
        if is_json && !is_literal && !text.starts_with('"') {
            format!("\"{text}\"")
        } else {
            text.to_owned()
        }
    };
    let mut out = String::new();
    for (depth, key) in path.iter().enumerate() {
        if depth > 0 {
            out.push('{');
        }
        out.push_str(&text(key));
        out.push_str(": ");
    }
    match value {
        Value::Bare(bare) => out.push_str(&text(bare)),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| text(item)).collect();
            out.push('[');
            out.push_str(&items.join(", "));
            out.push(']');
        }
    }
    out.push_str(&"}".repeat(path.len().saturating_sub(1)));
    out
}

fn insert_lines(tree: &Tree<'_>, map: NodeId, path: &[&str], value: Value<'_>) -> Option<Edit> {
    let entries = tree.entries(map);
    let (first, _) = entries.first()?;
    let first = tree.span(*first).start;
    let (before, _) = prefix(tree, first)?;
    let indent = blank(before);
    let newline = newline(tree);
    let text = lines(path, value, &indent, newline);
    // Behind the last entry that ends where its line does.
    let end = entries.iter().rev().find_map(|(key, value)| {
        let last = if tree.is_null(*value) { *key } else { *value };
        if last == *key {
            let colon = tree.span(*key).end.saturating_add(1);
            return end_of_line(tree, colon);
        }
        line_end(tree, last)
    });
    Some(match end {
        Some(end) => insert(end, format!("{newline}{indent}{text}")),
        None => insert(first, format!("{text}{newline}{indent}")),
    })
}

fn insert_flow(tree: &Tree<'_>, map: NodeId, path: &[&str], value: Value<'_>) -> Option<Edit> {
    let span = tree.span(map);
    let Some((key, last)) = tree.entries(map).last() else {
        return Some(replace(span, format!("{{{}}}", flow(path, value, false))));
    };
    let is_json = tree.span(*key).of(tree.text).starts_with('"');
    let last = tree.span(*last).end;
    // A key without a value, as in `{a, b}`, and a comment are left to people.
    let tail = tree.text.get(last..span.end)?;
    let is_plain = tail
        .trim_end_matches('}')
        .trim()
        .trim_end_matches(',')
        .trim()
        .is_empty();
    is_plain.then(|| insert(last, format!(", {}", flow(path, value, is_json))))
}

/// Gives a key without a value one.
fn fill(
    tree: &Tree<'_>,
    map: NodeId,
    key: NodeId,
    held: NodeId,
    rest: &[&str],
    value: Value<'_>,
) -> Option<Vec<Edit>> {
    let written = tree.span(held);
    let mapping = tree.mapping(map)?;
    if mapping.style == Style::Flow {
        return None;
    }
    if let (true, Value::Bare(text)) = (rest.is_empty(), value) {
        if written.is_empty() {
            let colon = tree.span(key).end;
            let follows = tree.text.get(colon..)?.starts_with(':');
            return follows.then(|| vec![insert(colon.saturating_add(1), format!(" {text}"))]);
        }
        return Some(vec![replace(written, text)]);
    }
    if !written.is_empty() {
        return None;
    }
    let (before, _) = prefix(tree, tree.span(key).start)?;
    let newline = newline(tree);
    let indent = format!("{}  ", blank(before));
    let mut text = String::new();
    match value {
        Value::List(items) if rest.is_empty() => {
            for item in items {
                text.push_str(newline);
                text.push_str(&indent);
                text.push_str("- ");
                text.push_str(item);
            }
        }
        _ => {
            text.push_str(newline);
            text.push_str(&indent);
            text.push_str(&lines(rest, value, &indent, newline));
        }
    }
    let end = end_of_line(tree, tree.span(key).end.saturating_add(1))?;
    Some(vec![insert(end, text)])
}

/// Takes a key of a block mapping away, with its lines. The last key of a mapping stays.
#[must_use]
pub fn remove_key(tree: &Tree<'_>, map: NodeId, key: &str) -> Option<Vec<Edit>> {
    let Content::Mapping(mapping) = &tree.node(map).content else {
        return None;
    };
    if mapping.style != Style::Block || mapping.entries.len() < 2 {
        return None;
    }
    let (name, value) = tree.own(map, key)?;
    let name = tree.span(name);
    let (before, _) = prefix(tree, name.start)?;
    line_end(tree, value)?;
    let end = tree.span(value).end.max(name.end);
    (!before.contains('-'))
        .then(|| vec![remove(whole_lines(tree.text, Span::new(name.start, end)))])
}

/// Replaces a scalar where it stands.
#[must_use]
pub fn scalar(tree: &Tree<'_>, node: NodeId, text: &str) -> Option<Vec<Edit>> {
    change(tree, node, Value::Bare(text))
}

/// Takes an item of a list away. The last item stays: what an empty list means is for people to say.
#[must_use]
pub fn remove_item(tree: &Tree<'_>, list: NodeId, item: NodeId) -> Option<Vec<Edit>> {
    let Content::Sequence(items, style) = &tree.node(list).content else {
        return None;
    };
    // Nodes are numbered in the order of the file.
    let at = items.binary_search(&item).ok()?;
    if items.len() < 2 {
        return None;
    }
    let span = tree.span(item);
    if *style == Style::Flow {
        let next = at.checked_add(1).and_then(|next| items.get(next));
        let before = at.checked_sub(1).and_then(|before| items.get(before));
        let stretch = match (next, before) {
            (Some(next), _) => Span::new(span.start, tree.span(*next).start),
            (None, Some(before)) => Span::new(tree.span(*before).end, span.end),
            (None, None) => return None,
        };
        let is_plain = !stretch.of(tree.text).contains('#');
        return is_plain.then(|| vec![remove(stretch)]);
    }
    let (before, _) = prefix(tree, span.start)?;
    end_of_line(tree, span.end)?;
    // A list in a list has two dashes on one line.
    let dashes = before.matches('-').count();
    (dashes == 1).then(|| vec![remove(whole_lines(tree.text, span))])
}
