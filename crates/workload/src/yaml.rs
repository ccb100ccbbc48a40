//! YAML with the place of every key and value.
//!
//! A file is a flat list of nodes that refer to each other by number. An alias stays an alias: nothing is ever
//! expanded, so a file that refers to itself a billion times costs what its bytes cost.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, StructureStyle};
use plimsoll_model::Text;
use plimsoll_model::lint::span::{Lines, Span};

/// A larger file is not read. Kubernetes itself takes no object over 3 MiB.
const MAX_BYTES: usize = 16 << 20;
/// Keys and values of a file.
const MAX_NODES: usize = 2_000_000;
/// Collections in collections.
const MAX_DEPTH: usize = 200;
/// Mappings that one mapping merges (`<<`), all told.
const MAX_MERGED: usize = 64;
/// A mapping with more keys has an index.
const INDEX_FROM: usize = 12;

/// A node's number in its [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(usize);

/// Whether a collection is written in lines or in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// In lines.
    Block,
    /// In brackets, as in JSON.
    Flow,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// Bare.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// In lines below `|` or `>`.
    Lines,
}

/// What a node holds.
#[derive(Debug, Clone)]
pub enum Content<'a> {
    /// A text, a number, a truth value, or nothing.
    Scalar(Cow<'a, str>, Notation),
    /// A list.
    Sequence(Vec<NodeId>, Style),
    /// Keys and values in order.
    Mapping(Mapping<'a>),
    /// The node with an anchor.
    Alias(NodeId),
    /// An alias of an anchor that does not exist.
    Dangling,
}

/// Keys and values.
#[derive(Debug, Clone)]
pub struct Mapping<'a> {
    /// Keys and values, in order.
    pub entries: Vec<(NodeId, NodeId)>,
    /// How it is written.
    pub style: Style,
    index: HashMap<Cow<'a, str>, usize>,
}

/// A key, a value, or a document.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    /// Where it stands; a block collection ends with its last value.
    pub span: Span,
    /// What it holds.
    pub content: Content<'a>,
}

/// A key with its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: NodeId,
    /// The value; aliases are followed.
    pub value: NodeId,
    /// Whether it stands in this very mapping and not in one that it merges or that is an alias.
    pub is_own: bool,
}

/// A YAML file, read.
#[derive(Debug, Clone)]
pub struct Tree<'a> {
    /// The text.
    pub text: &'a str,
    /// Where its lines begin.
    pub lines: Lines,
    /// The root of each document that could be read.
    pub documents: Vec<NodeId>,
    /// Where comments stand, with their `#`.
    pub comments: Vec<Span>,
    /// What could not be read.
    pub errors: Vec<(Span, Text)>,
    /// The first `{{ … }}` that stands where YAML would have a mapping: the file is a template.
    pub template: Option<Span>,
    /// Whether its lines end as on Windows.
    pub is_crlf: bool,
    nodes: Vec<Node<'a>>,
}

impl<'a> Tree<'a> {
    /// Reads a text; never fails.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        let tree = Self {
            text,
            lines: Lines::of(text),
            documents: Vec::new(),
            comments: Vec::new(),
            errors: Vec::new(),
            template: None,
            is_crlf: text.contains("\r\n"),
            nodes: Vec::new(),
        };
        if text.len() > MAX_BYTES {
            let mut tree = tree;
            tree.errors.push((
                Span::new(0, 0),
                Text::fixed(
                    "the file is larger than 16 MiB and was not read",
                    "文件超过 16 MiB,未读取",
                ),
            ));
            return tree;
        }
        Builder {
            tree,
            open: Vec::new(),
            anchors: HashMap::new(),
        }
        .run()
    }

    /// How many nodes there are.
    #[must_use]
    pub fn size(&self) -> usize {
        self.nodes.len()
    }

    /// A node; one that does not exist is nothing.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node<'a> {
        static NOTHING: Node<'static> = Node {
            span: Span { start: 0, end: 0 },
            content: Content::Dangling,
        };
        self.nodes.get(id.0).unwrap_or(&NOTHING)
    }

    /// Where a node stands.
    #[must_use]
    pub fn span(&self, id: NodeId) -> Span {
        self.node(id).span
    }

    /// The node itself, or the one that it is an alias of.
    #[must_use]
    pub fn resolve(&self, id: NodeId) -> NodeId {
        match self.node(id).content {
            // An anchor cannot stand on an alias, so there is one step.
            Content::Alias(target) => target,
            _ => id,
        }
    }

    /// The text of a scalar.
    #[must_use]
    pub fn scalar(&self, id: NodeId) -> Option<&str> {
        match &self.node(self.resolve(id)).content {
            Content::Scalar(value, _) => Some(value),
            _ => None,
        }
    }

    /// Whether it is nothing: `key:`, `~` or `null`.
    #[must_use]
    pub fn is_null(&self, id: NodeId) -> bool {
        matches!(
            &self.node(self.resolve(id)).content,
            Content::Scalar(value, Notation::Plain) if matches!(&**value, "" | "~" | "null" | "Null" | "NULL")
        )
    }

    /// What stands in a list; nothing where it is none.
    #[must_use]
    pub fn items(&self, id: NodeId) -> &[NodeId] {
        match &self.node(self.resolve(id)).content {
            Content::Sequence(items, _) => items,
            _ => &[],
        }
    }

    /// Whether it is a mapping.
    #[must_use]
    pub fn is_mapping(&self, id: NodeId) -> bool {
        self.mapping(id).is_some()
    }

    /// The mapping, if it is one; aliases are followed.
    #[must_use]
    pub fn mapping(&self, id: NodeId) -> Option<&Mapping<'a>> {
        match &self.node(self.resolve(id)).content {
            Content::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// Own keys and values of a mapping, without what it merges.
    #[must_use]
    pub fn entries(&self, id: NodeId) -> &[(NodeId, NodeId)] {
        self.mapping(id)
            .map_or(&[], |mapping| mapping.entries.as_slice())
    }

    /// The mapping and those that it merges, the one that wins first.
    fn merged(&self, id: NodeId) -> Vec<NodeId> {
        let mut found = vec![self.resolve(id)];
        let mut next = 0;
        while let Some(&mapping) = found.get(next) {
            next = next.saturating_add(1);
            let Some((_, value)) = self.own(mapping, "<<") else {
                continue;
            };
            let listed = self.items(value);
            let sources = if listed.is_empty() {
                std::slice::from_ref(&value)
            } else {
                listed
            };
            for source in sources {
                let source = self.resolve(*source);
                if found.len() < MAX_MERGED && !found.contains(&source) {
                    found.push(source);
                }
            }
        }
        found
    }

    /// A key that stands in this very mapping, and its value as it is written.
    pub(crate) fn own(&self, id: NodeId, key: &str) -> Option<(NodeId, NodeId)> {
        let mapping = self.mapping(id)?;
        if mapping.index.is_empty() {
            let named =
                |(name, _): &&(NodeId, NodeId)| self.scalar(*name).is_some_and(|name| name == key);
            // Where a key stands twice the last one counts, as in the parsers of both worlds.
            return mapping.entries.iter().rev().find(named).copied();
        }
        mapping.entries.get(*mapping.index.get(key)?).copied()
    }

    /// A key of a mapping and its value, `<<` respected.
    #[must_use]
    pub fn get(&self, id: NodeId, key: &str) -> Option<Entry> {
        let direct = self.resolve(id) == id;
        let mut first = true;
        for mapping in self.merged(id) {
            if let Some((key, value)) = self.own(mapping, key) {
                return Some(Entry {
                    key,
                    value: self.resolve(value),
                    is_own: direct && first && self.resolve(value) == value,
                });
            }
            first = false;
        }
        None
    }

    /// The value below several keys.
    #[must_use]
    pub fn at(&self, id: NodeId, path: &[&str]) -> Option<Entry> {
        let (last, before) = path.split_last()?;
        let mut here = id;
        let mut is_own = true;
        for key in before {
            let entry = self.get(here, key)?;
            is_own = is_own && entry.is_own;
            here = entry.value;
        }
        let entry = self.get(here, last)?;
        Some(Entry {
            is_own: is_own && entry.is_own,
            ..entry
        })
    }

    /// All keys and values of a mapping, with what it merges; a key that is overridden is left out.
    #[must_use]
    pub fn all(&self, id: NodeId) -> Vec<(NodeId, NodeId)> {
        let maps = self.merged(id);
        if let [one] = maps.as_slice() {
            return self.entries(*one).to_vec();
        }
        let mut seen = std::collections::HashSet::new();
        let mut found = Vec::new();
        for map in maps {
            for (key, value) in self.entries(map) {
                let name = self.scalar(*key).unwrap_or_default();
                if name != "<<" && seen.insert(name) {
                    found.push((*key, *value));
                }
            }
        }
        found
    }

    /// A truth value, as the parsers of both worlds read it.
    #[must_use]
    pub fn truth(&self, id: NodeId) -> Option<bool> {
        let value = self.scalar(id)?;
        match value.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        }
    }
}

/// A collection that is not closed yet.
enum Open {
    Sequence(NodeId, Vec<NodeId>, Style),
    Mapping(NodeId, Vec<(NodeId, NodeId)>, Option<NodeId>, Style),
}

struct Builder<'a> {
    tree: Tree<'a>,
    open: Vec<Open>,
    anchors: HashMap<usize, NodeId>,
}

impl<'a> Builder<'a> {
    fn run(mut self) -> Tree<'a> {
        let options = granit_parser::options! {
            emit_unresolved_aliases: true,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
            max_buffered_comment_events: 100_000,
        };
        let text = self.tree.text;
        let mut parser = Parser::new_from_str_with_options(text, options);
        loop {
            match parser.next_event() {
                None => break,
                Some(Ok((event, span))) => {
                    let span = span
                        .byte_range()
                        .map_or(Span::default(), |range| Span::new(range.start, range.end));
                    if matches!(event, Event::StreamEnd) {
                        break;
                    }
                    if self.tree.nodes.len() >= MAX_NODES {
                        self.tree.errors.push((
                            span,
                            Text::fixed(
                                "there are more than two million values; the rest was not read",
                                "值超过两百万个,其余未读取",
                            ),
                        ));
                        break;
                    }
                    self.take(event, span);
                }
                Some(Err(error)) => {
                    self.open.clear();
                    self.fail(&error);
                    // The document is lost; those behind it are not.
                    match parser.proceed_next_document() {
                        Ok(true) if self.tree.errors.len() < 100 => {}
                        _ => break,
                    }
                }
            }
        }
        self.tree
    }

    fn fail(&mut self, error: &ScanError) {
        let text = self.tree.text;
        let mut at = error
            .marker()
            .byte_offset()
            .unwrap_or(text.len())
            .min(text.len());
        while !text.is_char_boundary(at) {
            at = at.saturating_sub(1);
        }
        let said = error.info();
        self.tree.errors.push((
            Span::new(at, at),
            Text::new(
                format!("this is no YAML: {said}"),
                format!("不是有效的 YAML:{said}"),
            ),
        ));
    }

    fn push(&mut self, span: Span, content: Content<'a>, anchor: usize) -> NodeId {
        let id = NodeId(self.tree.nodes.len());
        self.tree.nodes.push(Node { span, content });
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        id
    }

    fn take(&mut self, event: Event<'a>, span: Span) {
        let text = self.tree.text;
        match event {
            Event::Scalar(value, style, anchor, _) => {
                let notation = match style {
                    ScalarStyle::Plain => Notation::Plain,
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Notation::Quoted,
                    _ => Notation::Lines,
                };
                let written = span.of(text);
                let span = Span::new(
                    span.start,
                    span.start.saturating_add(written.trim_end().len()),
                );
                let id = self.push(span, Content::Scalar(value, notation), anchor);
                self.place(id);
            }
            Event::Alias(anchor) => {
                let content = match self.anchors.get(&anchor) {
                    Some(target) => Content::Alias(*target),
                    None => Content::Dangling,
                };
                let id = self.push(span, content, 0);
                self.place(id);
            }
            Event::UnresolvedAlias(name) => {
                self.tree.errors.push((
                    span,
                    Text::new(
                        format!("there is no anchor `&{name}` before this alias"),
                        format!("此别名之前没有锚点 `&{name}`"),
                    ),
                ));
                let id = self.push(span, Content::Dangling, 0);
                self.place(id);
            }
            Event::SequenceStart(style, anchor, _) => {
                let id = self.push(span, Content::Dangling, anchor);
                self.open
                    .push(Open::Sequence(id, Vec::new(), styled(style)));
            }
            Event::MappingStart(style, anchor, _) => {
                let id = self.push(span, Content::Dangling, anchor);
                self.open
                    .push(Open::Mapping(id, Vec::new(), None, styled(style)));
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Comment(..) => self.tree.comments.push(span),
            Event::DocumentStart(..) => {
                self.anchors.clear();
                self.open.clear();
            }
            _ => {}
        }
    }

    /// Closes the innermost collection.
    fn close(&mut self, end: Span) {
        let (id, content, last, style) = match self.open.pop() {
            Some(Open::Sequence(id, items, style)) => {
                let last = items.last().copied();
                (id, Content::Sequence(items, style), last, style)
            }
            Some(Open::Mapping(id, entries, _, style)) => {
                let last = entries.last().map(|(key, value)| {
                    let is_behind = self.tree.span(*value).end >= self.tree.span(*key).end;
                    if is_behind { *value } else { *key }
                });
                self.see_template(&entries, style, id);
                let index = self.index(&entries);
                let mapping = Mapping {
                    entries,
                    style,
                    index,
                };
                (id, Content::Mapping(mapping), last, style)
            }
            None => return,
        };
        let end = match (style, last) {
            (Style::Block, Some(last)) => self.tree.span(last).end,
            _ => end.end,
        };
        if let Some(node) = self.tree.nodes.get_mut(id.0) {
            node.content = content;
            node.span = Span::new(node.span.start, end);
        }
        self.place(id);
    }

    fn index(&self, entries: &[(NodeId, NodeId)]) -> HashMap<Cow<'a, str>, usize> {
        if entries.len() < INDEX_FROM {
            return HashMap::new();
        }
        let named = entries.iter().enumerate().filter_map(|(at, (key, _))| {
            match &self.tree.node(*key).content {
                Content::Scalar(name, _) => Some((name.clone(), at)),
                _ => None,
            }
        });
        named.collect()
    }

    /// `{{ .Values.x }}` reads as a mapping whose only key is a mapping.
    fn see_template(&mut self, entries: &[(NodeId, NodeId)], style: Style, id: NodeId) {
        if let ([(key, _)], Style::Flow) = (entries, style)
            && let Content::Mapping(inner) = &self.tree.node(*key).content
            && inner.style == Style::Flow
            && self.tree.template.is_none()
        {
            self.tree.template = Some(self.tree.span(id));
        }
    }

    /// Puts a finished node where it belongs.
    fn place(&mut self, id: NodeId) {
        match self.open.last_mut() {
            Some(Open::Sequence(_, items, _)) => items.push(id),
            Some(Open::Mapping(_, entries, key, _)) => match key.take() {
                Some(key) => entries.push((key, id)),
                None => *key = Some(id),
            },
            None => self.tree.documents.push(id),
        }
    }
}

fn styled(style: StructureStyle) -> Style {
    if style == StructureStyle::Flow {
        Style::Flow
    } else {
        Style::Block
    }
}
