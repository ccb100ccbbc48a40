//! Makes the heads of AI models for the fixtures. Those of the cases `real` were written by the formats' own
//! libraries: `gguf` 0.19.0 and `safetensors` 0.8.0.

/// Order of the bytes of a number.
#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

/// Writes GGUF.
struct Writer {
    bytes: Vec<u8>,
    order: Order,
    version: u32,
}

impl Writer {
    fn new(order: Order, version: u32, pairs: u64) -> Self {
        let mut this = Self {
            bytes: b"GGUF".to_vec(),
            order,
            version,
        };
        this.four(version);
        this.length(0);
        this.length(pairs);
        this
    }

    fn four(&mut self, number: u32) {
        self.bytes.extend(match self.order {
            Order::Little => number.to_le_bytes(),
            Order::Big => number.to_be_bytes(),
        });
    }

    fn length(&mut self, number: u64) {
        if self.version == 1 {
            return self.four(u32::try_from(number).expect("lengths of version 1 have 32 bits"));
        }
        self.bytes.extend(match self.order {
            Order::Little => number.to_le_bytes(),
            Order::Big => number.to_be_bytes(),
        });
    }

    fn text(&mut self, text: &str) {
        self.length(text.len() as u64);
        self.bytes.extend(text.as_bytes());
    }

    fn pair(&mut self, key: &str, value: &str) {
        self.text(key);
        self.four(8);
        self.text(value);
    }

    fn number(&mut self, key: &str, value: u32) {
        self.text(key);
        self.four(4);
        self.four(value);
    }

    fn words(&mut self, key: &str, words: &[&str]) {
        self.text(key);
        self.four(9);
        self.four(8);
        self.length(words.len() as u64);
        for word in words {
            self.text(word);
        }
    }
}

/// A model with a tokenizer between its name and how its weights are kept.
fn described(order: Order, version: u32) -> Vec<u8> {
    let mut out = Writer::new(order, version, 9);
    out.pair("general.architecture", "llama");
    out.pair("general.name", "Tiny Model");
    out.pair("general.version", "v0.2");
    out.pair("general.license", "apache-2.0");
    out.pair("general.organization", "Example");
    out.number("llama.block_count", 2);
    out.words("tokenizer.ggml.tokens", &["<s>", "</s>", "a"]);
    out.text("tokenizer.ggml.scores");
    out.four(9);
    out.four(6);
    out.length(3);
    out.bytes.extend([0; 12]);
    out.number("general.file_type", 15);
    out.bytes
}

fn of_hub() -> Vec<u8> {
    let mut out = Writer::new(Order::Little, 3, 3);
    out.pair("general.architecture", "qwen2");
    out.pair("general.name", "ignored");
    out.pair("general.repo_url", "https://huggingface.co/o/n-GGUF");
    out.bytes
}

fn later_part() -> Vec<u8> {
    let mut out = Writer::new(Order::Little, 3, 1);
    out.text("split.no");
    out.four(2);
    out.bytes.extend(1_u16.to_le_bytes());
    out.bytes
}

fn deep() -> Vec<u8> {
    let mut out = Writer::new(Order::Little, 3, 2);
    out.pair("general.name", "\u{7}dir/..\n");
    out.text("x");
    for _ in 0..20 {
        out.four(9);
        if out.bytes.len() > 100 {
            out.length(1);
        }
    }
    out.bytes
}

fn endless() -> Vec<u8> {
    let mut out = Writer::new(Order::Little, 3, u64::MAX);
    out.text("x");
    out.four(9);
    out.four(10);
    out.length(u64::MAX);
    out.bytes
}

fn unknown_type() -> Vec<u8> {
    let mut out = Writer::new(Order::Little, 2, 2);
    out.pair("general.name", "named");
    out.text("x");
    out.four(99);
    out.bytes
}

fn safetensors(header: &str, data: usize) -> Vec<u8> {
    let mut out = (header.len() as u64).to_le_bytes().to_vec();
    out.extend(header.as_bytes());
    out.resize(out.len() + data, 0);
    out
}

const PART: &str = r#"{"__metadata__":{"format":"pt"},"a":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}   "#;

const SPEC: &str = r#"{"__metadata__":{"modelspec.sai_model_spec":"1.0.0","modelspec.title":"A Style","modelspec.architecture":"stable-diffusion-xl-v1-base/lora","modelspec.license":"CreativeML Open RAIL++-M","modelspec.author":"Example","modelspec.version":"1.2"},"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#;

#[allow(clippy::too_many_lines, reason = "a table")]
pub(crate) fn fixtures() -> Vec<(&'static str, Vec<u8>)> {
    let whole = described(Order::Little, 3);
    let cut = whole[..whole.len() - 30].to_vec();
    let hub = "models--o--n/snapshots/607a30d783dfa663caf39e06633721c8d4cfcd7e";
    let snapshot: &'static str = Box::leak(
        format!("model/safetensors/happy/root/hub/{hub}/model.safetensors").into_boxed_str(),
    );
    vec![
        ("model/gguf/happy/root/models/tiny.gguf", whole.clone()),
        (
            "model/gguf/happy/root/models/tiny-v1.GGUF",
            described(Order::Little, 1),
        ),
        (
            "model/gguf/happy/root/models/tiny-v2.gguf",
            described(Order::Little, 2),
        ),
        (
            "model/gguf/happy/root/models/tiny-big-endian.gguf",
            described(Order::Big, 3),
        ),
        ("model/gguf/happy/root/models/hub.gguf", of_hub()),
        (
            "model/gguf/happy/root/models/large-00002-of-00002.gguf",
            later_part(),
        ),
        (
            "model/gguf/happy/root/root/.ollama/models/blobs/sha256-0a",
            whole.clone(),
        ),
        (
            "model/gguf/happy/root/root/.ollama/models/blobs/sha256-0b",
            b"You are a helpful assistant".to_vec(),
        ),
        ("model/gguf/truncated/root/cut.gguf", cut),
        (
            "model/gguf/truncated/root/header.gguf",
            whole[..10].to_vec(),
        ),
        ("model/gguf/hostile/root/deep.gguf", deep()),
        ("model/gguf/hostile/root/endless.gguf", endless()),
        ("model/gguf/hostile/root/type.gguf", unknown_type()),
        (
            "model/gguf/hostile/root/version.gguf",
            b"GGUF\x09\0\0\0".to_vec(),
        ),
        (
            "model/gguf/hostile/root/other.gguf",
            b"#!/bin/sh\n".to_vec(),
        ),
        ("model/gguf/empty/root/x.gguf", Vec::new()),
        (
            "model/safetensors/happy/root/models/Big-7B/model-00001-of-00002.safetensors",
            safetensors(PART, 12),
        ),
        (
            "model/safetensors/happy/root/models/Big-7B/model-00002-of-00002.safetensors",
            safetensors(PART, 12),
        ),
        (
            "model/safetensors/happy/root/lora/style.safetensors",
            safetensors(SPEC, 4),
        ),
        (snapshot, safetensors(PART, 12)),
        (
            "model/safetensors/happy/root/hub/models--o--n/blobs/0a",
            safetensors(PART, 12),
        ),
        (
            "model/safetensors/happy/root/hub/models--o--n/blobs/0b",
            b"{\"architectures\": [\"GPT2LMHeadModel\"]}".to_vec(),
        ),
        (
            "model/safetensors/truncated/root/header.safetensors",
            safetensors(PART, 0)[..60].to_vec(),
        ),
        (
            "model/safetensors/truncated/root/tensors.safetensors",
            safetensors(PART, 3),
        ),
        (
            "model/safetensors/truncated/root/length.safetensors",
            vec![1, 2, 3],
        ),
        (
            "model/safetensors/hostile/root/long.safetensors",
            vec![0xff; 64],
        ),
        (
            "model/safetensors/hostile/root/other.safetensors",
            safetensors("version https://example.org/", 0),
        ),
        (
            "model/safetensors/hostile/root/half.safetensors",
            safetensors(
                r#"{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,18446744073709551615]},"b":[]}"#,
                4,
            ),
        ),
        (
            "model/safetensors/hostile/root/metadata.safetensors",
            safetensors(r#"{"__metadata__":{"modelspec.title":["\u0000"]}}"#, 0),
        ),
        ("model/safetensors/empty/root/x.safetensors", Vec::new()),
    ]
}
