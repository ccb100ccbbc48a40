//! What only registries know: the digest that a tag has now, and for which platforms an image is made.

use std::collections::BTreeMap;

use plimsoll_dockerfile::rules::base::wanted_platforms;
use plimsoll_image::reference::Reference;
use plimsoll_image::{ImageError, ImageSource as _, platform};
use plimsoll_model::lint::span::Lines;
use plimsoll_model::lint::{Fix, LintFile, LintFinding, LintKind, Safety, fix};
use plimsoll_model::{Digest, Text};

use super::{Hint, Source};
use crate::sources::Sources;

/// The rules that find images without a digest; their findings are about the image's name.
const RULES: &[&str] = &["unpinned-base", "image-without-digest", "latest-image"];

/// Images and platforms, as a file writes them, with the platforms that there are instead.
pub type MissingPlatforms = BTreeMap<(String, String), Vec<String>>;

/// The platforms that there are where the one that was asked for is not among them; or why nobody knows.
type Offered = Result<Option<Vec<String>>, String>;

/// Asks registries for digests, once for each name.
#[derive(Debug)]
pub struct Pinner<'a> {
    sources: &'a Sources,
    known: BTreeMap<String, Result<Digest, String>>,
    /// The platforms that there are where the one that was asked for is not among them.
    platforms: BTreeMap<(String, String), Offered>,
    /// What could not be pinned, with the file.
    notes: Vec<(String, Text)>,
}

impl<'a> Pinner<'a> {
    /// One that asks these sources.
    #[must_use]
    pub fn new(sources: &'a Sources) -> Self {
        Self {
            sources,
            known: BTreeMap::new(),
            platforms: BTreeMap::new(),
            notes: Vec::new(),
        }
    }

    /// Gives those findings a patch that are about an image without a digest.
    pub fn pin(&mut self, file: &mut LintFile) {
        let lines = Lines::of(&file.text);
        for finding in &mut file.findings {
            if RULES.contains(&finding.rule.id) && finding.fix.is_none() {
                match self.patch(file.kind, &file.text, &lines, finding) {
                    Ok(patch) => finding.fix = Some(patch),
                    Err(reason) => self.note(&file.path, finding.region.start.line, &reason),
                }
            }
        }
    }

    /// Asks which images of a Dockerfile are not made for the platform that it says.
    pub fn ask_platforms(&mut self, source: &Source, text: &str) {
        if source.hint != Hint::Dockerfile {
            return;
        }
        for (line, pair) in wanted_platforms(&plimsoll_dockerfile::parse(text)) {
            if let Err(reason) = self.missing(&pair) {
                let (image, platform) = pair;
                let note = Text::new(
                    format!("whether `{image}` is made for `{platform}` is not known: {reason}"),
                    format!("无法得知 `{image}` 是否支持 `{platform}`:{reason}"),
                );
                self.note(&source.name, line, &note);
            }
        }
    }

    /// What registries said of platforms, and what could not be pinned or asked, each with the file and the reason.
    #[must_use]
    pub fn done(self) -> (MissingPlatforms, Vec<(String, Text)>) {
        let missing = self.platforms.into_iter();
        let missing = missing.filter_map(|(pair, said)| Some((pair, said.ok()??)));
        (missing.collect(), self.notes)
    }

    fn note(&mut self, path: &str, line: u32, reason: &Text) {
        let reason = Text::new(
            format!("line {line}: {}", reason.en),
            format!("第 {line} 行:{}", reason.zh),
        );
        let note = (path.to_owned(), reason);
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn patch(
        &mut self,
        kind: LintKind,
        text: &str,
        lines: &Lines,
        finding: &LintFinding,
    ) -> Result<Fix, Text> {
        let line = finding.region.start.line;
        let not_seen = || Text::fixed("the image's name was not understood", "无法识别镜像名称");
        let start = lines.start(line).ok_or_else(not_seen)?;
        let rest = text.get(start..).unwrap_or_default();
        let source = rest.lines().next().unwrap_or_default();
        let at = |column: u32| {
            let column = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
            let mut places = source.char_indices().map(|(at, _)| at);
            places.nth(column).unwrap_or(source.len())
        };
        let (from, to) = (
            at(finding.region.start.column),
            at(finding.region.end.column),
        );
        let name = source.get(from..to).unwrap_or_default();
        if finding.region.end.line != line || name.is_empty() {
            return Err(not_seen());
        }
        let (name, to) = match kind {
            LintKind::Dockerfile => (name, to),
            LintKind::Compose | LintKind::Kubernetes => unquoted(name, to),
        };
        if name.contains(['$', '"', '\'']) {
            return Err(Text::new(
                format!("`{name}` was not pinned: its name is not written out"),
                format!("`{name}` 未固定:名称中含变量或引号"),
            ));
        }
        let digest = self.digest(name).map_err(|reason| {
            Text::new(
                format!("`{name}` was not pinned: {reason}"),
                format!("`{name}` 未固定:{reason}"),
            )
        })?;
        Ok(Fix {
            safety: Safety::Safe,
            edits: vec![fix::insert(start.saturating_add(to), format!("@{digest}"))],
        })
    }

    /// The digest of what the registry keeps under the name: of the list, where the image has several platforms.
    fn digest(&mut self, name: &str) -> Result<Digest, String> {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let digest = name
            .parse::<Reference>()
            .map_err(|error| error.to_string())
            .and_then(|reference| {
                let source = self.sources.registry(name, &reference);
                source.digest().map_err(|error| chain(&error))
            });
        self.known.insert(name.to_owned(), digest.clone());
        digest
    }

    /// Whether the image is not made for the platform, and for which it is then.
    fn missing(&mut self, pair: &(String, String)) -> Result<(), String> {
        let said = match self.platforms.get(pair) {
            Some(known) => known.clone(),
            None => self.ask(pair),
        };
        self.platforms.insert(pair.clone(), said.clone());
        said.map(|_| ())
    }

    fn ask(&self, (image, platform): &(String, String)) -> Offered {
        let reference: Reference = image.parse().map_err(|error| chain(&error))?;
        let wanted = platform::parse(platform).map_err(|error| error.to_string())?;
        let source = self.sources.registry(image, &reference);
        match source.open(Some(&wanted)) {
            Ok(_) => Ok(None),
            Err(ImageError::NoPlatform { available, .. }) => {
                Ok(Some(available.iter().map(ToString::to_string).collect()))
            }
            Err(error) => Err(chain(&error)),
        }
    }
}

/// A scalar of YAML without its quotes, and where it ends then.
fn unquoted(text: &str, end: usize) -> (&str, usize) {
    let bare = ['"', '\'']
        .iter()
        .find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    match bare {
        // What is escaped is no name.
        Some(bare) if !bare.contains('\\') => (bare, end.saturating_sub(1)),
        _ => (text, end),
    }
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let said = inner.to_string();
        if !text.ends_with(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = inner.source();
    }
    text
}
