//! XML documents, one record at a time.
//!
//! Published documents have some hundred megabytes, and a record some kilobytes: the document is read as a stream,
//! and only the record that is being read is held, as a little tree.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::document::{Document, Flow};
use crate::FeedError;

/// The most that a document may unpack to.
const LIMIT: u64 = 4 << 30;
/// The largest tag or text.
const TOKEN_LIMIT: u64 = 16 << 20;
/// The most elements of one record.
const ELEMENT_LIMIT: usize = 1 << 20;
/// The deepest nesting.
const DEPTH_LIMIT: usize = 128;

/// An element with all that is in it.
#[derive(Debug, Default, Clone)]
pub(super) struct Element {
    /// Its name without a prefix.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    /// The texts in it that are in no other element, joined.
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

impl Element {
    /// The value of an attribute, by its name without a prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first element of a name directly in it.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All elements of a name directly in it.
    pub(super) fn children_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first element of a name directly in it, without space around it; empty if there is none.
    pub(super) fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }
}

/// Hands on every outermost element whose name is one of `records`, in the order of the document. `root` is what the
/// outermost element of the document must be called.
pub(super) fn each(
    document: &Document<'_>,
    root: &str,
    records: &[&str],
    take: &mut dyn FnMut(Element) -> Flow,
) -> Result<(), FeedError> {
    let used = Rc::new(Cell::new(0));
    let metered = Metered {
        inner: BufReader::with_capacity(1 << 16, document.unpacked(LIMIT)?),
        used: Rc::clone(&used),
    };
    let mut reader = Reader::from_reader(metered);
    reader.config_mut().check_end_names = true;
    let mut buffer = Vec::new();
    let mut reading = Reading {
        document,
        root,
        records,
        open: Vec::new(),
        elements: 0,
        depth: 0,
        seen_root: false,
    };
    loop {
        buffer.clear();
        used.set(0);
        let event = reader
            .read_event_into(&mut buffer)
            .map_err(|error| match error {
                quick_xml::Error::Io(error) => {
                    document.read(io::Error::new(error.kind(), error.to_string()))
                }
                other => document.xml(other.to_string()),
            })?;
        let whole = match event {
            Event::Start(start) => {
                reading.start(&start)?;
                None
            }
            Event::Empty(start) => {
                reading.start(&start)?;
                reading.end()
            }
            Event::End(_) => reading.end(),
            Event::Text(text) => reading.text(&text),
            Event::CData(text) => reading.text(&text),
            Event::GeneralRef(name) => {
                let meant = name
                    .resolve_char_ref()
                    .ok()
                    .flatten()
                    .or_else(|| predefined(&name));
                let mut bytes = [0; 4];
                reading.text(meant.map_or("", |meant| meant.encode_utf8(&mut bytes)))
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => None,
        };
        if let Some(element) = whole
            && take(element) == Flow::Stop
        {
            return Ok(());
        }
    }
    if reading.depth > 0 || !reading.seen_root {
        return Err(document.xml("it ends before its last element does"));
    }
    Ok(())
}

/// Where in a document the reader is.
struct Reading<'a> {
    document: &'a Document<'a>,
    root: &'a str,
    records: &'a [&'a str],
    /// The elements of the record that is being read, the outermost first.
    open: Vec<Element>,
    /// How many elements that record has.
    elements: usize,
    depth: usize,
    seen_root: bool,
}

impl Reading<'_> {
    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), FeedError> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEPTH_LIMIT {
            return Err(self.document.xml("its elements are nested too deep"));
        }
        let element = element(start).map_err(|reason| self.document.xml(reason))?;
        if self.depth == 1 {
            if element.name != self.root {
                return Err(self.document.shape(format!("it is no `{}`", self.root)));
            }
            self.seen_root = true;
        }
        if !self.open.is_empty() || self.records.contains(&element.name.as_str()) {
            self.elements = self.elements.saturating_add(1);
            if self.elements > ELEMENT_LIMIT {
                return Err(self
                    .document
                    .xml("one of its records has too many elements"));
            }
            self.open.push(element);
        }
        Ok(())
    }

    /// The record, where this was its end.
    fn end(&mut self) -> Option<Element> {
        self.depth = self.depth.saturating_sub(1);
        let element = self.open.pop()?;
        if let Some(parent) = self.open.last_mut() {
            parent.children.push(element);
            return None;
        }
        self.elements = 0;
        Some(element)
    }

    fn text(&mut self, text: &str) -> Option<Element> {
        if let Some(element) = self.open.last_mut() {
            element.text.push_str(text);
        }
        None
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, String> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let name = attribute.key.local_name().as_ref().to_owned();
        attributes.push((name, unescaped(&attribute.value)));
    }
    Ok(Element {
        name: start.local_name().as_ref().to_owned(),
        attributes,
        ..Element::default()
    })
}

/// A value with its references resolved; those that are not known stay as they are.
fn unescaped(raw: &str) -> String {
    match quick_xml::escape::unescape(raw) {
        Ok(text) => text.into_owned(),
        Err(_) => raw.to_owned(),
    }
}

fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// Counts what was read since the counter was set to nought, and fails beyond a limit.
struct Metered<R> {
    inner: BufReader<R>,
    used: Rc<Cell<u64>>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.used.set(self.used.get().saturating_add(read as u64));
        Ok(read)
    }
}

impl<R: Read> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.used.get() > TOKEN_LIMIT {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.used.set(self.used.get().saturating_add(amount as u64));
        self.inner.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Vec<Element>, FeedError> {
        let mut found = Vec::new();
        let document = Document::held("doc.xml", "", text);
        each(&document, "root", &["record"], &mut |element| {
            found.push(element);
            Flow::GoOn
        })?;
        Ok(found)
    }

    #[test]
    fn hands_on_records_as_trees() {
        let found = read(
            b"<?xml version='1.0'?><!-- c --><x:root xmlns:x='u'><list><x:record id='a&amp;b'><t> 1 &lt; 2&#33; <![CDATA[<]]></t>\
              <e k='v'/></x:record><record/></list></x:root>",
        )
        .expect("it is sound");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].attribute("id"), Some("a&b"));
        assert_eq!(found[0].text_of("t"), "1 < 2! <");
        assert_eq!(
            found[0].child("e").and_then(|e| e.attribute("k")),
            Some("v")
        );
        assert_eq!(found[0].children_of("e").count(), 1);
    }

    #[test]
    fn what_is_broken_is_an_error() {
        for text in [
            "",
            "<",
            "<other/>",
            "<root>",
            "<root><record></root>",
            "<root><record></record>",
            "<root a=></root>",
            "no xml",
        ] {
            let error = read(text.as_bytes()).expect_err(text).to_string();
            assert!(error.contains("doc.xml"), "{error}");
        }
        let deep = "<root>".to_owned() + &"<a>".repeat(200);
        assert!(read(deep.as_bytes()).is_err());
    }

    #[test]
    fn every_compression_is_unpacked() {
        use std::io::Write as _;
        let plain = b"<root><record/></root>";
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(plain).expect("memory takes it");
        let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        bzip2.write_all(plain).expect("memory takes it");
        let zstd = zstd::bulk::compress(plain, 1).expect("memory takes it");
        for packed in [
            gzip.finish().expect("memory takes it"),
            bzip2.finish().expect("memory takes it"),
            zstd,
        ] {
            assert_eq!(read(&packed).expect("it unpacks").len(), 1);
            assert!(read(&packed[..packed.len() / 2]).is_err());
        }
    }
}
