//! The walk over a layer: every entry is shown once, and the bytes are proved on the way.

use std::io::{self, BufRead, Read};

use plimsoll_model::image::LayerInfo;
use plimsoll_model::{Problem, Stage};

use super::{Content, Layer};
use crate::error::ImageError;
use crate::pipeline::{BlobStream, Limits, open_blob};
use crate::tar::{Ending, Entry, TarError, Traversal, Walk, WalkLimits};

/// Limits on one layer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LayerLimits {
    /// Those on its bytes.
    pub blob: Limits,
    /// Those on its entries.
    pub walk: WalkLimits,
}

/// Who is shown the entries of a layer.
pub trait Visitor {
    /// Shows one entry; called in the order of the archive, for directories in the order of paths, on the
    /// thread that walks.
    ///
    /// `content` holds the bytes of a regular file and nothing for anything else; what is not read is skipped.
    /// An error of `content` has to be returned. It ends the walk, and the walk then says what was wrong;
    /// only in a directory of this machine, where each file stands for itself, the walk notes it as a problem
    /// and goes on. Any other error ends the walk as well.
    fn entry(&mut self, entry: &Entry, content: &mut dyn Read) -> io::Result<()>;
}

/// A layer that was read to its end and is proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerSummary {
    /// What is known of it now: digests, sizes and the number of entries.
    pub info: LayerInfo,
    /// What is odd about it.
    pub problems: Vec<Problem>,
}

impl Layer {
    /// Shows every entry to `visitor`, once.
    ///
    /// The digests that the image promises are proved on the way. What the visitor has learnt is valid only
    /// if this returns a summary.
    pub fn walk(
        &self,
        limits: &LayerLimits,
        visitor: &mut dyn Visitor,
    ) -> Result<LayerSummary, ImageError> {
        if let Some(reason) = self.unreadable() {
            return Err(ImageError::unsupported(self.describe(), reason));
        }
        match &self.content {
            Content::Stored(store, blob) => {
                let bytes = store.open(blob)?;
                let stream = open_blob(bytes, self.expect(), limits.blob.clone());
                walk_stream(stream, self, limits, visitor)
            }
            Content::Directory(tree) => {
                let (entries, problems) = tree.walk(&limits.walk, visitor)?;
                let info = LayerInfo {
                    entries,
                    ..self.info.clone()
                };
                Ok(LayerSummary { info, problems })
            }
        }
    }
}

fn walk_stream(
    stream: BlobStream,
    layer: &Layer,
    limits: &LayerLimits,
    visitor: &mut dyn Visitor,
) -> Result<LayerSummary, ImageError> {
    let object = layer.describe();
    let mut walk = Walk::new(stream, limits.walk.clone());
    let mut outside = Outside::default();
    let walked = show(&mut walk, visitor, &mut outside);
    let (entries, ending) = (walk.entries(), walk.ending());
    // The stream first: a blob that is not what its digest says may fail the walk in any way.
    let proved = walk
        .into_inner()
        .finish()
        .map_err(|error| ImageError::of_blob(error, &object))?;
    walked.map_err(|failure| match failure {
        Failure::Tar(error) => of_tar(error, &object),
        Failure::Visitor(error) => ImageError::io(object.clone(), error),
    })?;
    let subject = layer
        .info
        .diff_id
        .as_ref()
        .unwrap_or(&proved.diff_id)
        .as_str();
    let mut problems = proved.problems;
    if ending == Some(Ending::Missing) {
        let reason = "the archive ends without the two blocks of zeros that mark its end";
        problems.push(Problem::note(Stage::Layer, subject, reason));
    }
    problems.extend(outside.problem(subject));
    let info = LayerInfo {
        digest: layer.info.digest.clone().or(proved.digest),
        diff_id: Some(proved.diff_id),
        compressed_size: Some(proved.compressed_size),
        size: Some(proved.size),
        entries,
        ..layer.info.clone()
    };
    Ok(LayerSummary { info, problems })
}

/// Why the entries were not all shown.
enum Failure {
    Tar(TarError),
    Visitor(io::Error),
}

fn show<R: BufRead>(
    walk: &mut Walk<R>,
    visitor: &mut dyn Visitor,
    outside: &mut Outside,
) -> Result<(), Failure> {
    while let Some(entry) = walk.next_entry().map_err(Failure::Tar)? {
        outside.see(&entry);
        visitor
            .entry(&entry, &mut walk.content())
            .map_err(Failure::Visitor)?;
    }
    Ok(())
}

/// Entries whose names would leave the root filesystem: told once for a layer, however many there are.
#[derive(Default)]
struct Outside {
    count: u64,
    first: Option<String>,
}

impl Outside {
    fn see(&mut self, entry: &Entry) {
        if entry.traversal == Traversal::Outside {
            self.count = self.count.saturating_add(1);
            self.first
                .get_or_insert_with(|| entry.path.as_str().to_owned());
        }
    }

    fn problem(self, subject: &str) -> Option<Problem> {
        let first = self.first?;
        let reason = format!(
            "{} entries have names that climb out of the root with `..`; the first was taken as `{first}`",
            self.count
        );
        Some(Problem::note(Stage::Layer, subject, reason))
    }
}

fn of_tar(error: TarError, object: &str) -> ImageError {
    match error {
        TarError::Read { source, .. } => ImageError::Io {
            object: object.to_owned(),
            source,
        },
        TarError::Truncated { .. } | TarError::Header { .. } => {
            ImageError::malformed(object, error.to_string())
        }
        TarError::Entries { .. } | TarError::Path { .. } | TarError::Metadata { .. } => {
            ImageError::over_limit(object, error.to_string())
        }
    }
}
