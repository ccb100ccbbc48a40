//! What Mix and Rebar resolved from Hex: `mix.lock` and `rebar.lock`.
//!
//! Source: Mix, `Mix.Dep.Lock`, and Hex's manager (`{:hex, :name, "version", …}`); Rebar 3, "Dependencies"
//! (`{<<"name">>,{pkg,<<"name">>,<<"version">>},level}`). Both are terms that a machine has written, one entry a
//! line. Dependencies from a repository have no version and are left out.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};

use super::document::{self, Listing};
use super::lock;

/// Packages that Mix and Rebar resolved.
#[derive(Debug)]
pub struct Hex;

static META: Meta = Meta {
    id: "lang/hex",
    revision: 1,
    docs: "Reads `mix.lock` and `rebar.lock`: the packages of Hex that Elixir and Erlang projects resolved.",
    interest: Interest {
        paths: &[],
        names: &["mix.lock", "rebar.lock"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 8 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Hex {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        if lock::came_with_a_package(file.path.as_str()) {
            return;
        }
        let Some(text) = document::text(file, sink) else {
            return;
        };
        let mut list = Listing::new(Ecosystem::Hex, EvidenceKind::Locked);
        let end = if file.path.file_name() == "mix.lock" {
            for entry in text.split("{:hex, :").skip(1) {
                add_mix(entry.lines().next().unwrap_or_default(), &mut list);
            }
            '}'
        } else {
            for entry in text.split("{pkg,<<\"").skip(1) {
                let mut fields = entry.split('"');
                let name = fields.next().unwrap_or_default();
                list.add(name, fields.nth(1).unwrap_or_default());
            }
            '.'
        };
        list.state(sink);
        if !text.trim_end().is_empty() && !text.trim_end().ends_with(end) {
            sink.unreadable("the file is cut off");
        }
    }
}

/// `name, "version", "checksum", [:mix], [{:other, "~> 1.0", [hex: :other, …]}], "hexpm", "checksum"},`
fn add_mix(entry: &str, list: &mut Listing) {
    let (name, rest) = entry.split_once(',').unwrap_or((entry, ""));
    let version = rest.split('"').nth(1).unwrap_or_default();
    list.add_with(name.trim_matches('"'), version, |package| {
        package.depends = rest
            .split("hex: :")
            .skip(1)
            .filter_map(|after| after.split([',', ']']).next())
            .map(|name| name.trim_matches('"').to_owned())
            .collect();
    });
}
