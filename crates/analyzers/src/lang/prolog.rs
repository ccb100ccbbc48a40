//! Packs of SWI-Prolog: `pack.pl` at the root of each.
//!
//! Source: SWI-Prolog manual, "Packs: community add-ons": facts such as `name(func).` and
//! `version('0.3.0').`, one a line.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};

use super::document::{self, Listing};
use super::text;

/// Packs of SWI-Prolog.
#[derive(Debug)]
pub struct Prolog;

static META: Meta = Meta {
    id: "lang/prolog",
    revision: 1,
    docs: "Reads `pack.pl` of installed SWI-Prolog packs: name, version, author and requirements.",
    interest: Interest {
        paths: &[],
        names: &["pack.pl"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 1 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Prolog {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some(content) = document::text(file, sink) else {
            return;
        };
        let values = |wanted: &'static str| {
            content.lines().filter_map(move |line| {
                let (name, rest) = line.trim().split_once('(')?;
                (name.trim() == wanted).then(|| first_argument(rest))
            })
        };
        let mut list = Listing::new(Ecosystem::Swipl, EvidenceKind::Installed);
        let (name, version) = (values("name").next(), values("version").next());
        // Any other file of Prolog may have this name.
        let Some(name) = name else {
            return;
        };
        list.add_with(name, version.unwrap_or_default(), |package| {
            package.maker = values("author").next().and_then(text::statement);
            package.depends = values("requires").map(str::to_owned).collect();
            for license in values("license") {
                text::add(&mut package.licenses, text::statement(license));
            }
        });
        list.state(sink);
    }
}

/// `'A name', …).` or `name).`
fn first_argument(rest: &str) -> &str {
    let rest = rest.trim_start();
    match rest.chars().next() {
        Some(quote @ ('\'' | '"')) => rest
            .get(1..)
            .and_then(|inside| inside.split(quote).next())
            .unwrap_or_default(),
        _ => rest.split([',', ')']).next().unwrap_or_default().trim(),
    }
}
