//! `plimsoll inspect`: what an image says about itself, for people and for machines.
//!
//! Nothing here walks a layer, and nothing here knows what a secret is: the caller takes the values of
//! secrets out of the configuration before it asks.
//!
//! # JSON
//! A list with one object, as `docker image inspect` writes it, so that `jq '.[0].Config.User'` works on
//! both. Docker's fields have Docker's names and meaning: `Id`, `RepoTags`, `RepoDigests`, `Created`,
//! `Author`, `Architecture`, `Variant`, `Os`, `Size` (bytes of all layers, uncompressed), `Config`,
//! `RootFS.Type`, `RootFS.Layers`. Ours beside them:
//! - `SchemaVersion`: 1; fields are only ever added within a version.
//! - `Requested`, `Source`, `Digest` (of the manifest), `IndexDigest`, `Platforms`, `Annotations`.
//! - `CompressedSize`: bytes of all layers as stored.
//! - `Layers`: `Digest`, `DiffID`, `MediaType`, `CompressedSize`, `Size`, `CreatedBy`, lowest first.
//! - `Coverage`: as `coverage` of the report, without the packages; null unless asked for.
//! - `Loads`: what a container loads when it starts: `Files` with `Path`, `Through` (the file that asks for it) and
//!   `Package` (URL of the OS package that ships it), and `HandsOver`, whether a script or an interpreter decides what
//!   else runs; null unless coverage is asked for.
//! - `History`: `Created`, `CreatedBy`, `Author`, `Comment`, `EmptyLayer`, oldest first.
//!
//! What is not known is null; lists are always lists.

mod text;

use std::io;

use plimsoll_model::facts::ImageFacts;
use plimsoll_model::image::{ImageConfig, LayerInfo, Subject};
use serde_json::{Map, Value, json};

use crate::safe::write_json;
use crate::{Settings, coverage};

/// What is known of an image before any layer is read, and on request how much of it can be understood.
#[derive(Debug, Clone, Copy)]
pub struct Inspect<'a> {
    /// Which image it is.
    pub subject: &'a Subject,
    /// Its configuration, with secrets taken out.
    pub config: &'a ImageConfig,
    /// Its layers, lowest first.
    pub layers: &'a [LayerInfo],
    /// What its layers say, where they were read for their coverage.
    pub facts: Option<&'a ImageFacts>,
}

/// How `plimsoll inspect` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InspectFormat {
    /// For people.
    #[default]
    Text,
    /// For machines.
    Json,
}

/// Writes what an image says about itself; the same input gives the same bytes.
pub fn write_inspect(
    image: &Inspect<'_>,
    format: InspectFormat,
    settings: &Settings,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        InspectFormat::Text => text::write(image, settings, out),
        InspectFormat::Json => write_json(&json!([document(image)]), out),
    }
}

/// The sum of sizes; `None` where one of them is unknown.
fn sum(sizes: impl Iterator<Item = Option<u64>>) -> Option<u64> {
    sizes.sum()
}

/// `name:tag`, where both are known.
fn tagged(subject: &Subject) -> Option<String> {
    let (repository, tag) = (subject.repository.as_ref()?, subject.tag.as_ref()?);
    Some(format!("{repository}:{tag}"))
}

/// `name@digest`, where both are known.
fn pinned(subject: &Subject) -> Option<String> {
    let (repository, digest) = (
        subject.repository.as_ref()?,
        subject.manifest_digest.as_ref()?,
    );
    Some(format!("{repository}@{digest}"))
}

fn document(image: &Inspect<'_>) -> Value {
    let Inspect {
        subject,
        config,
        layers,
        facts,
    } = image;
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
    put("SchemaVersion", json!(1));
    put("Id", json!(subject.image_id));
    put("RepoTags", tagged(subject).into_iter().collect());
    put("RepoDigests", pinned(subject).into_iter().collect());
    put("Requested", json!(subject.requested));
    put("Source", json!(subject.source));
    put("Digest", json!(subject.manifest_digest));
    put("IndexDigest", json!(subject.index_digest));
    put("Created", json!(config.created));
    put("Author", json!(config.author));
    put("Architecture", json!(subject.platform.architecture));
    put("Variant", json!(subject.platform.variant));
    put("Os", json!(subject.platform.os));
    let platforms = subject.platforms.iter().map(ToString::to_string);
    put("Platforms", platforms.collect());
    put("Size", json!(sum(layers.iter().map(|layer| layer.size))));
    let compressed = sum(layers.iter().map(|layer| layer.compressed_size));
    put("CompressedSize", json!(compressed));
    put("Config", json!(config.config));
    put(
        "RootFS",
        json!({"Type": config.rootfs.kind, "Layers": config.rootfs.diff_ids}),
    );
    put("Annotations", json!(subject.annotations));
    let values = layers.iter().zip(commands(image));
    put("Layers", values.map(layer_value).collect());
    let history = config.history.iter().map(|step| {
        json!({
            "Created": step.created,
            "CreatedBy": step.created_by,
            "Author": step.author,
            "Comment": step.comment,
            "EmptyLayer": step.empty_layer,
        })
    });
    put("History", history.collect());
    put(
        "Coverage",
        json!(facts.map(|facts| coverage::value(facts, None))),
    );
    put("Loads", json!(facts.map(loads)));
    Value::Object(out)
}

fn loads(facts: &ImageFacts) -> Value {
    let files = facts.reach.files.iter().map(|file| {
        let owner = file.owner.and_then(|owner| facts.packages.get(owner));
        json!({
            "Path": file.path,
            "Through": file.through,
            "Package": owner.map(|owner| &owner.purl),
        })
    });
    json!({"Files": files.collect::<Vec<_>>(), "HandsOver": facts.reach.hands_over})
}

/// For each layer the step that made it, from the history, whose secrets the caller has taken out; what the
/// layer itself holds of it may still have them. None where history and layers do not fit.
fn commands<'a>(image: &Inspect<'a>) -> Vec<Option<&'a str>> {
    let steps = image.config.history.iter().filter(|step| !step.empty_layer);
    let commands: Vec<Option<&str>> = steps.map(|step| Some(step.created_by.as_str())).collect();
    if commands.len() == image.layers.len() {
        commands
    } else {
        vec![None; image.layers.len()]
    }
}

fn layer_value((layer, command): (&LayerInfo, Option<&str>)) -> Value {
    json!({
        "Digest": layer.digest,
        "DiffID": layer.diff_id,
        "MediaType": layer.media_type,
        "CompressedSize": layer.compressed_size,
        "Size": layer.size,
        "CreatedBy": command,
    })
}
