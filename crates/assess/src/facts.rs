//! From a source to the facts of an image.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use plimsoll_analyze::cache::{CacheKey, FactCache};
use plimsoll_analyze::derive::derive;
use plimsoll_analyze::layer::LayerFacts;
use plimsoll_analyze::run::{Memory, read_layer};
use plimsoll_analyze::{InterestIndex, JavaIndex, Meta};
use plimsoll_image::{Image, ImageError, ImageSource, Layer, LayerLimits};
use plimsoll_model::Problem;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::image::{ImageConfig, LayerInfo, Platform};

/// How an image is read.
pub struct ReadOptions<'a> {
    /// The platform to read, of an image with several; `None` for the host's.
    pub platform: Option<&'a Platform>,
    /// Limits on each layer.
    pub limits: LayerLimits,
    /// Where facts of layers are kept between runs.
    pub cache: &'a dyn FactCache,
    /// How many layers are read side by side, at least one.
    pub side_by_side: usize,
    /// A user's index of Java archives.
    pub java_index: Option<&'a JavaIndex>,
    /// Who is told how far the work is.
    pub progress: &'a dyn Progress,
}

impl std::fmt::Debug for ReadOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReadOptions")
            .field("platform", &self.platform)
            .field("limits", &self.limits)
            .field("side_by_side", &self.side_by_side)
            .finish_non_exhaustive()
    }
}

/// One step of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The image is opened: that many layers must be read, that many were known.
    Opened {
        /// Layers to read.
        unread: usize,
        /// Layers whose facts were in the cache.
        known: usize,
        /// Bytes as stored of the layers to read, as far as the manifest says.
        bytes: u64,
    },
    /// One more layer was read.
    LayerRead {
        /// Its bytes as stored, as far as the manifest says.
        bytes: u64,
    },
}

/// Is told how far the work is; called from several threads.
pub trait Progress: Sync {
    /// One step was done.
    fn step(&self, step: Step);
}

/// Opens an image and reads what its layers say.
///
/// Layers are independent of each other, so they are read side by side; facts that the cache holds cost
/// nothing. Nothing is said of an image of which one layer cannot be read, except for layers that the source
/// itself calls unreadable: those become problems.
pub fn read_facts(
    source: &dyn ImageSource,
    options: &ReadOptions<'_>,
) -> Result<ImageFacts, ImageError> {
    let image = source.open(options.platform)?;
    let table = plimsoll_analyzers::all();
    let index = InterestIndex::new(&table);
    let metas: Vec<&Meta> = table.iter().map(|analyzer| analyzer.meta()).collect();
    let keys: Vec<Option<CacheKey>> = image
        .layers
        .iter()
        .map(|layer| {
            let diff_id = layer.info.diff_id.as_ref()?;
            Some(CacheKey::new(diff_id, &metas))
        })
        .collect();
    let mut known: Vec<Option<LayerFacts>> = image
        .layers
        .iter()
        .zip(&keys)
        .map(|(layer, key)| match layer.unreadable() {
            Some(_) => Some(LayerFacts::default()),
            None => options.cache.get(key.as_ref()?),
        })
        .collect();
    let unread: Vec<usize> = (0..known.len())
        .filter(|idx| known[*idx].is_none())
        .collect();
    options.progress.step(Step::Opened {
        unread: unread.len(),
        known: known.len() - unread.len(),
        bytes: unread
            .iter()
            .filter_map(|idx| image.layers[*idx].info.compressed_size)
            .sum(),
    });
    for (idx, facts) in read_side_by_side(&image.layers, &unread, &index, options)? {
        known[idx] = Some(facts);
    }
    let layers: Vec<LayerFacts> = known.into_iter().flatten().collect();
    // Nobody waits for the cache: it is written while the layers are joined.
    Ok(std::thread::scope(|scope| {
        if !unread.is_empty() {
            scope.spawn(|| keep(&unread, &keys, &layers, options.cache));
        }
        join(image, &layers, options.java_index)
    }))
}

/// Keeps what was read for the next run.
fn keep(unread: &[usize], keys: &[Option<CacheKey>], layers: &[LayerFacts], cache: &dyn FactCache) {
    for idx in unread {
        if let (Some(Some(key)), Some(facts)) = (keys.get(*idx), layers.get(*idx))
            && let Err(error) = cache.put(key, facts)
        {
            tracing::warn!(%error, "the facts of a layer cannot be kept");
        }
    }
}

/// Reads the layers with a few threads that take the next one when they are done. The first failure, by the
/// order of layers, is the answer.
fn read_side_by_side(
    layers: &[Layer],
    unread: &[usize],
    index: &InterestIndex,
    options: &ReadOptions<'_>,
) -> Result<Vec<(usize, LayerFacts)>, ImageError> {
    type Answers = Vec<(usize, Result<LayerFacts, ImageError>)>;
    let next = AtomicUsize::new(0);
    let memory = Memory::default();
    let answers: Mutex<Answers> = Mutex::new(Vec::new());
    let work = || {
        loop {
            let Some(&idx) = unread.get(next.fetch_add(1, Ordering::Relaxed)) else {
                return;
            };
            let layer = &layers[idx];
            let answer = read_layer(layer, index, &options.limits, &memory);
            let failed = answer.is_err();
            if let Ok(mut answers) = answers.lock() {
                answers.push((idx, answer));
            }
            options.progress.step(Step::LayerRead {
                bytes: layer.info.compressed_size.unwrap_or(0),
            });
            if failed {
                next.store(unread.len(), Ordering::Relaxed);
            }
        }
    };
    let threads = options.side_by_side.clamp(1, unread.len().max(1));
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    let mut answers = answers
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    answers.sort_by_key(|(idx, _)| *idx);
    answers
        .into_iter()
        .map(|(idx, answer)| Ok((idx, answer?)))
        .collect()
}

fn join(image: Image, layers: &[LayerFacts], java: Option<&JavaIndex>) -> ImageFacts {
    let derived = derive(layers, java, &image.config.config);
    let steps = steps_of_layers(&image.config, layers.len());
    let infos: Vec<LayerInfo> = image
        .layers
        .iter()
        .zip(layers)
        .enumerate()
        .map(|(idx, (layer, facts))| LayerInfo {
            size: facts.size.or(layer.info.size),
            entries: facts.entries,
            created_by: steps.get(idx).map(|step| plimsoll_secrets::redact(step)),
            ..layer.info.clone()
        })
        .collect();
    let mut problems: Vec<Problem> = image.problems;
    problems.extend(derived.problems);
    problems.sort();
    problems.dedup();
    ImageFacts {
        subject: image.subject,
        config: image.config,
        layers: infos,
        os: derived.os,
        content_sets: derived.content_sets,
        packages: derived.packages,
        accounts: derived.accounts,
        secrets: derived.secrets,
        executables: derived.executables,
        posture: derived.posture,
        reach: derived.reach,
        coverage: derived.coverage,
        problems,
    }
}

/// The steps of the history that made a layer, where there are as many as layers; history is written by the
/// author and may be missing or squashed.
fn steps_of_layers(config: &ImageConfig, layers: usize) -> Vec<String> {
    let steps: Vec<String> = config
        .history
        .iter()
        .filter(|step| !step.empty_layer)
        .map(|step| step.created_by.clone())
        .collect();
    if steps.len() == layers {
        steps
    } else {
        Vec::new()
    }
}
