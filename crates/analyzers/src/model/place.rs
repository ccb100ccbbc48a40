//! What the path of a model's file tells of the model.
//!
//! The cache of the Hugging Face hub keeps the files of a repository in `models--OWNER--NAME/snapshots/COMMIT/`,
//! or as `models--OWNER--NAME/blobs/HASH` with links to them (`huggingface_hub`, "Understand caching").
//! Large models are split into `NAME-00001-of-00005.safetensors` (the same library's `split_torch_state_dict`, and
//! `gguf-split` of llama.cpp).

use plimsoll_model::ImagePath;

/// Names of files that say what lies in them and not which model it is, as the common libraries write them.
const COMMON_FILES: &[&str] = &[
    "adapter_model",
    "consolidated",
    "diffusion_pytorch_model",
    "flax_model",
    "ggml-model",
    "model",
    "open_clip_model",
    "open_clip_pytorch_model",
    "pytorch_lora_weights",
    "pytorch_model",
    "tf_model",
    "weights",
];

/// Folders of the parts of one model (Diffusers pipelines, Sentence Transformers).
const COMMON_FOLDERS: &[&str] = &[
    "1_Pooling",
    "2_Dense",
    "controlnet",
    "decoder",
    "feature_extractor",
    "image_encoder",
    "prior",
    "safety_checker",
    "text_encoder",
    "text_encoder_2",
    "text_encoder_3",
    "transformer",
    "unet",
    "vae",
    "vae_decoder",
    "vae_encoder",
];

/// What a path tells.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Repository of the hub, `OWNER/NAME`, or `NAME` for the oldest.
    pub(super) repository: Option<String>,
    /// Commit of that repository.
    pub(super) revision: Option<String>,
    /// The best name that the path has for the model.
    pub(super) name: String,
    /// Whether the file is kept under its hash, so that nothing but its bytes tells what it is.
    pub(super) is_blob: bool,
}

impl Place {
    pub(super) fn of(path: &ImagePath) -> Self {
        let mut folders: Vec<&str> = path.as_str().split('/').collect();
        let file = folders.pop().unwrap_or_default();
        let hub = folders.iter().rposition(|folder| is_repository(folder));
        let below = hub.and_then(|at| folders.get(at.saturating_add(1)..));
        let repository = hub.and_then(|at| folders.get(at)).map(|folder| {
            let name = folder.strip_prefix("models--").unwrap_or(folder);
            name.replacen("--", "/", 1)
        });
        let revision = match below {
            Some(["snapshots", commit, ..]) if is_commit(commit) => Some((*commit).to_owned()),
            _ => None,
        };
        Self {
            repository,
            revision,
            name: name(&folders, file),
            is_blob: folders.last() == Some(&"blobs"),
        }
    }
}

fn is_repository(folder: &str) -> bool {
    folder
        .strip_prefix("models--")
        .is_some_and(|name| !name.is_empty() && !name.chars().any(char::is_whitespace))
}

fn is_commit(text: &str) -> bool {
    text.len() == 40
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The name of the file without its ending and its number, or that of the folder where the file's says nothing.
fn name(folders: &[&str], file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let stem = whole(stem);
    // `model.fp16` is a model too.
    let plain = stem.split('.').next().unwrap_or(stem);
    if !COMMON_FILES.contains(&plain) {
        return stem.to_owned();
    }
    let says_something = |folder: &&&str| !folder.is_empty() && !COMMON_FOLDERS.contains(folder);
    folders
        .iter()
        .rev()
        .find(says_something)
        .map_or(stem, |folder| folder)
        .to_owned()
}

/// A name without the number of a part, `-00001-of-00005`.
fn whole(stem: &str) -> &str {
    let digits = |text: &str| text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    let split = || {
        let (rest, count) = stem.rsplit_once("-of-")?;
        let (name, number) = rest.rsplit_once('-')?;
        (digits(count) && digits(number)).then_some(name)
    };
    split().unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_models() {
        let commit = "607a30d783dfa663caf39e06633721c8d4cfcd7e";
        for (path, name) in [
            (
                "models/Llama-3-8B/model-00001-of-00004.safetensors",
                "Llama-3-8B",
            ),
            ("models/tiny-Q4_K_M.gguf", "tiny-Q4_K_M"),
            ("models/big-00002-of-00003.gguf", "big"),
            (
                "srv/sdxl/unet/diffusion_pytorch_model.fp16.safetensors",
                "sdxl",
            ),
            ("model.safetensors", "model"),
            ("x/of-1-of-2.gguf", "of-1-of-2"),
        ] {
            let place = Place::of(&ImagePath::new(path));
            assert_eq!((place.name.as_str(), place.repository), (name, None));
        }
        let hub = "root/.cache/huggingface/hub/models--openai-community--gpt2";
        let place = Place::of(&ImagePath::new(&format!(
            "{hub}/snapshots/{commit}/model.safetensors"
        )));
        assert_eq!(place.repository.as_deref(), Some("openai-community/gpt2"));
        assert_eq!(place.revision.as_deref(), Some(commit));
        let place = Place::of(&ImagePath::new(&format!("{hub}/blobs/{commit}")));
        assert!(place.is_blob);
        assert_eq!(place.repository.as_deref(), Some("openai-community/gpt2"));
        assert_eq!(place.revision, None);
        let place = Place::of(&ImagePath::new(
            "models--gpt2/snapshots/main/model.safetensors",
        ));
        assert_eq!(place.repository.as_deref(), Some("gpt2"));
        assert_eq!(place.revision, None);
    }
}
