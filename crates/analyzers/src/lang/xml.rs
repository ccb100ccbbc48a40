//! A reader of the XML that build tools write: tags, attributes and text, and nothing else.
//!
//! Source: Extensible Markup Language 1.0, fifth edition. Comments, processing instructions and document
//! types are passed over, so that no entity is ever defined: what the text refers to beyond the five
//! predefined entities and characters by number stays as it is written. It is not checked whether tags are
//! closed in their order, only whether as many were closed as were opened.

/// What the reader meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// `<name attributes>`, or `<name attributes/>`, which no [`Event::End`] follows.
    Start {
        /// The name without its prefix.
        name: &'a str,
        /// What stands between name and `>`.
        attributes: &'a str,
        /// Whether the element has nothing inside.
        empty: bool,
    },
    /// `</name>`.
    End(&'a str),
    /// What stands between tags, as written.
    Text(&'a str),
}

/// The reader.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    rest: &'a str,
    /// How many elements are open.
    open: usize,
}

impl<'a> Reader<'a> {
    /// A reader of a document.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            open: 0,
        }
    }

    /// Whether the document ended before its elements did; to be asked after the last event.
    pub(super) fn is_cut_off(&self) -> bool {
        self.open > 0
    }

    /// Passes over everything up to and with `end`.
    fn skip(&mut self, end: &str) -> &'a str {
        let (inside, rest) = self.rest.split_once(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        inside
    }

    fn tag(&mut self) -> Event<'a> {
        // `>` may stand in attributes.
        let mut quote = None;
        let end = self.rest.find(|c: char| match quote {
            Some(open) => {
                if c == open {
                    quote = None;
                }
                false
            }
            None if c == '"' || c == '\'' => {
                quote = Some(c);
                false
            }
            None => c == '>',
        });
        let tag = self.rest.get(..end.unwrap_or(self.rest.len()));
        let tag = tag.unwrap_or_default();
        let after = end.map_or(self.rest.len(), |end| end.saturating_add(1));
        self.rest = self.rest.get(after..).unwrap_or_default();
        if let Some(name) = tag.strip_prefix('/') {
            self.open = self.open.saturating_sub(1);
            return Event::End(local(name.trim()));
        }
        let (inner, empty) = if let Some(inner) = tag.strip_suffix('/') {
            (inner, true)
        } else {
            self.open = self.open.saturating_add(1);
            (tag, false)
        };
        let (name, attributes) = inner
            .split_once(|c: char| c.is_whitespace())
            .unwrap_or((inner, ""));
        Event::Start {
            name: local(name),
            attributes,
            empty,
        }
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let Some(markup) = self.rest.strip_prefix('<') else {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at_checked(end)?;
                self.rest = rest;
                return Some(Event::Text(text));
            };
            self.rest = markup;
            if markup.starts_with("!--") {
                self.skip("-->");
            } else if let Some(data) = markup.strip_prefix("![CDATA[") {
                self.rest = data;
                return Some(Event::Text(self.skip("]]>")));
            } else if markup.starts_with('?') {
                self.skip("?>");
            } else if markup.starts_with('!') {
                self.skip(">");
            } else {
                return Some(self.tag());
            }
        }
    }
}

/// A name without the prefix of its namespace.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The value of an attribute.
pub(super) fn attribute(attributes: &str, wanted: &str) -> Option<String> {
    let mut rest = attributes.trim_start();
    while let Some((name, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let quote = after
            .chars()
            .next()
            .filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, more) = after.get(1..)?.split_once(quote)?;
        if name.trim() == wanted {
            return Some(unescape(value));
        }
        rest = more.trim_start();
    }
    None
}

/// Text with the predefined entities and characters by number in their place.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let found = after
            .split_once(';')
            .and_then(|(name, more)| Some((character(name)?, more)));
        if let Some((c, more)) = found {
            out.push(c);
            rest = more;
        } else {
            out.push('&');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    let number = |digits: &str, radix| {
        u32::from_str_radix(digits, radix)
            .ok()
            .and_then(char::from_u32)
    };
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => match name.strip_prefix("#x") {
            Some(digits) => number(digits, 16),
            None => number(name.strip_prefix('#')?, 10),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_text_and_attributes_are_read() {
        let text = "<?xml version='1.0'?><!DOCTYPE a><!-- <x> --><m:a b=\"1 > 0\"><c/>t&amp;<![CDATA[<raw>]]></m:a>";
        let events: Vec<_> = Reader::new(text).collect();
        assert_eq!(
            events,
            [
                Event::Start {
                    name: "a",
                    attributes: "b=\"1 > 0\"",
                    empty: false
                },
                Event::Start {
                    name: "c",
                    attributes: "",
                    empty: true
                },
                Event::Text("t&amp;"),
                Event::Text("<raw>"),
                Event::End("a"),
            ]
        );
    }

    #[test]
    fn attributes_are_found_by_their_name() {
        let attributes = "id = 'a' version=\"1&#46;2\" x=y";
        assert_eq!(attribute(attributes, "version").as_deref(), Some("1.2"));
        assert_eq!(attribute(attributes, "id").as_deref(), Some("a"));
        assert_eq!(attribute(attributes, "x"), None);
        assert_eq!(attribute("id", "id"), None);
    }

    #[test]
    fn unknown_entities_stay() {
        assert_eq!(
            unescape("&lt;&nbsp;&#x41;&#xD800;& &"),
            "<&nbsp;A&#xD800;& &"
        );
    }

    #[test]
    fn cut_off_documents_end() {
        for text in ["<", "<a", "<a b='", "<!--", "<![CDATA[", "</", "<?", "a"] {
            assert!(Reader::new(text).count() <= 1, "{text}");
        }
        for (text, cut) in [("<a><b></b>", true), ("<a><b/></a>\n", false), ("<a", true)] {
            let mut reader = Reader::new(text);
            while reader.next().is_some() {}
            assert_eq!(reader.is_cut_off(), cut, "{text}");
        }
    }
}
