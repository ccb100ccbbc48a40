//! Every rule, a file each, in a folder for each theme.
//!
//! To add one: write the file with its `RULE`, add its `mod` line and its row in the table of its folder.
//! A rule carries its own examples: [`Rule::bad`] has to be found, [`Rule::good`] must not be, and what a fix
//! leaves must not be found again. The tests below hold every rule to that.

pub mod comments;
pub mod health;
pub mod host;
pub mod identity;
pub mod image;
pub mod network;
pub mod privileges;
pub mod resources;

#[cfg(test)]
mod tests;

use plimsoll_model::Text;
use plimsoll_model::lint::sink::Found;
use plimsoll_model::lint::{Edit, LintRule, LintRulePage, LintSubject};

use crate::edit;
use crate::lint::{Context, Sink};
use crate::manifest::{Container, Manifest, Setting, World};
use crate::yaml::NodeId;

/// Whether a rule runs unless the user says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Default {
    /// It runs.
    On,
    /// It runs where the user asks for it.
    Off,
}

/// What to write, word for word; empty where there is no such thing. What begins with `no ` is left out, and
/// ` + ` stands between two things to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repair {
    /// Options of `docker run`.
    pub docker_run: &'static str,
    /// Keys of a service.
    pub compose: &'static str,
    /// Keys of a pod's specification or of a container.
    pub kubernetes: &'static str,
}

impl Repair {
    /// The suggestion for a file of one world; the others follow in brackets.
    #[must_use]
    pub fn text(&self, world: World) -> Text {
        let compose = ("Compose", self.compose);
        let kubernetes = ("Kubernetes", self.kubernetes);
        let (own, other) = match world {
            World::Compose => (compose, kubernetes),
            World::Kubernetes => (kubernetes, compose),
        };
        let run = ("docker run", self.docker_run);
        let others = [run, other]
            .into_iter()
            .filter(|(_, text)| !text.is_empty());
        let (en, zh): (Vec<String>, Vec<String>) = others
            .map(|(name, text)| {
                let (en, zh) = say(text, "", "");
                (format!("{name}: {en}"), format!("{name}:{zh}"))
            })
            .unzip();
        let own = say(own.1, "write ", "请写 ");
        if en.is_empty() {
            return Text::new(own.0, own.1);
        }
        Text::new(
            format!("{} ({})", own.0, en.join("; ")),
            format!("{}({})", own.1, zh.join(";")),
        )
    }
}

/// What to write or to leave out, in words.
fn say(text: &str, en: &str, zh: &str) -> (String, String) {
    if let Some(gone) = text.strip_prefix("no ") {
        return (format!("leave out `{gone}`"), format!("去掉 `{gone}`"));
    }
    let parts: Vec<String> = text.split(" + ").map(|part| format!("`{part}`")).collect();
    (
        format!("{en}{}", parts.join(" and ")),
        format!("{zh}{}", parts.join(" 和 ")),
    )
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Who it is.
    pub meta: LintRule,
    /// Whether it runs unless the user says otherwise.
    pub default: Default,
    /// What to write.
    pub repair: Repair,
    /// Looks at a file.
    pub check: fn(&Context<'_>, &mut Sink<'_>),
    /// Files in which it finds something.
    pub bad: &'static [&'static str],
    /// Files in which it finds nothing.
    pub good: &'static [&'static str],
}

impl Rule {
    /// What its documentation shows.
    #[must_use]
    pub fn page(&'static self) -> LintRulePage {
        LintRulePage {
            rule: &self.meta,
            subject: LintSubject::Workload,
            is_on: self.default == Default::On,
            bad: self.bad,
            good: self.good,
        }
    }
}

/// The tables of all themes.
pub static ALL: &[&[&Rule]] = &[
    comments::RULES,
    health::RULES,
    host::RULES,
    identity::RULES,
    image::RULES,
    network::RULES,
    privileges::RULES,
    resources::RULES,
];

/// Every rule.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    ALL.iter().flat_map(|table| table.iter().copied())
}

/// The rule with that id or alias.
#[must_use]
pub fn named(name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.meta.is_named(name))
}

/// Containers to which settings of Linux apply.
fn linux<'m>(manifest: &'m Manifest<'_>) -> impl Iterator<Item = &'m Container> {
    manifest
        .containers
        .iter()
        .filter(|container| !manifest.pod(container).is_some_and(|pod| pod.is_windows))
}

/// Whether a container has all that the kernel can give, which makes narrower settings moot.
fn is_privileged(manifest: &Manifest<'_>, container: &Container) -> bool {
    privileged(manifest, container).is_some()
}

/// The setting that gives a container all that the kernel can give.
fn privileged(manifest: &Manifest<'_>, container: &Container) -> Option<Setting> {
    let path: &[&str] = match container.world {
        World::Compose => &["privileged"],
        World::Kubernetes => &["securityContext", "privileged"],
    };
    let setting = manifest.setting(container, path);
    setting.filter(|_| manifest.is_true(container.world, setting))
}

/// Reports the services of Compose in which this key has that value. Without the key the runtime does the right
/// thing.
fn refuse_mode(
    manifest: &Manifest<'_>,
    key: &str,
    refused: &str,
    says: &Text,
    sink: &mut Sink<'_>,
) {
    for container in &manifest.containers {
        let Some(setting) = manifest.setting(container, &[key]) else {
            continue;
        };
        let value = manifest.known(container.world, setting.value);
        if container.world == World::Compose && value.as_deref() == Some(refused) {
            let found = sink.report(container, manifest.tree.span(setting.value), says);
            offer(found, edit::remove_key(&manifest.tree, setting.holder, key));
        }
    }
}

/// Reports a setting of a container that has this value; the patch writes the other.
fn refuse_value(
    manifest: &Manifest<'_>,
    container: &Container,
    (value, refused, wanted): (NodeId, &str, &str),
    says: &Text,
    sink: &mut Sink<'_>,
) {
    if manifest.tree.scalar(value) == Some(refused) {
        let found = sink.report(container, manifest.tree.span(value), says);
        offer(found, edit::scalar(&manifest.tree, value, wanted));
    }
}

/// Adds a patch that a person has to look at, where there is one.
fn offer(mut found: Found<'_>, edits: Option<Vec<Edit>>) {
    if let Some(edits) = edits {
        found.unsafe_fix(edits);
    }
}

/// Adds a patch that changes nothing of what runs, where there is one.
fn offer_safe(mut found: Found<'_>, edits: Option<Vec<Edit>>) {
    if let Some(edits) = edits {
        found.safe_fix(edits);
    }
}
