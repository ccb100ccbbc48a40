//! What documents of every format say, in one shape.

use plimsoll_model::Digest;

use crate::Format;

/// What a component is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// A package, library or application.
    #[default]
    Package,
    /// The operating system.
    System,
    /// A container image.
    Container,
    /// A file, or something else that is no package.
    Other,
}

/// One thing that a document lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Component {
    /// Its identity in the document; empty where it has none.
    pub reference: String,
    /// What it is.
    pub kind: Kind,
    /// Group and name, as the ecosystem joins them where it is known, else with a slash.
    pub name: String,
    /// Empty where none is given.
    pub version: String,
    /// Package URL; empty where none is given.
    pub purl: String,
    /// Another identity: CPE, SWID tag, `SoftWare` Hash ID.
    pub other_identity: Option<String>,
    /// Who supplies or made it.
    pub supplier: Option<String>,
    /// What is said of its licence.
    pub licenses: Vec<String>,
    /// Algorithm and hexadecimal digits.
    pub hashes: Vec<(String, String)>,
    /// Paths of the files that show it.
    pub places: Vec<String>,
    /// Statements of the writing program.
    pub properties: Vec<(String, String)>,
    /// A line about it.
    pub description: Option<String>,
    /// Whether it is only for development.
    pub development: bool,
}

impl Component {
    /// The first property of that name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&str> {
        let mut all = self.properties.iter();
        all.find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// All properties of that name.
    pub fn properties_of<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + 'n
    where
        'a: 'n,
    {
        let named = self.properties.iter().filter(move |(key, _)| key == name);
        named.map(|(_, value)| value.as_str())
    }
}

/// A bill of materials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The format.
    pub format: Format,
    /// Version of the specification, as written.
    pub version: String,
    /// When it was made, as written.
    pub created: Option<String>,
    /// The persons, organisations and programs that made it.
    pub authors: Vec<String>,
    /// What it is about.
    pub subject: Option<Component>,
    /// What it lists.
    pub components: Vec<Component>,
    /// References: the first needs the second.
    pub depends: Vec<(String, String)>,
    /// References: the first contains or installed the second.
    pub contains: Vec<(String, String)>,
    /// The statement in which it came, if it came in one.
    pub attested: Option<Attested>,
}

/// A statement about an artefact (in-toto attestation framework) in which a document came. Nothing about it
/// was verified.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attested {
    /// What the statement says its predicate is.
    pub predicate_type: String,
    /// The digests of what it is about, sorted.
    pub subjects: Vec<Digest>,
    /// Signatures on its envelope.
    pub signatures: usize,
    /// Further bills of materials in the same file, which were not read.
    pub others: usize,
}

impl Document {
    pub(crate) fn new(format: Format, version: &str) -> Self {
        Self {
            format,
            version: version.to_owned(),
            created: None,
            authors: Vec::new(),
            subject: None,
            components: Vec::new(),
            depends: Vec::new(),
            contains: Vec::new(),
            attested: None,
        }
    }
}

/// Group and name joined as the ecosystem of the package URL writes them.
pub(crate) fn joined(group: &str, name: &str, purl: &str) -> String {
    if group.is_empty() {
        return name.to_owned();
    }
    let separator = if purl.starts_with("pkg:maven/") {
        ':'
    } else {
        '/'
    };
    format!("{group}{separator}{name}")
}
