//! Compose files and workload manifests of Kubernetes: what they set for containers at run time, rules (a file
//! each) and their repairs.
//!
//! [`lint()`] says what is wrong with a file, or `None` where the file is neither. [`harden()`] writes the whole
//! hardened block for a container in the words of `docker run`, Compose and Kubernetes.
//!
//! What this crate is not: it opens no file, follows no `extends` or `include` into other files, renders no
//! template and asks no registry. What it cannot see is an error of the file, not silence.
//!
//! Start reading at `yaml.rs`, then `manifest.rs`, then any rule.

#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "a failed test is meant to panic"
    )
)]

pub mod edit;
pub mod environment;
pub mod harden;
mod ignore;
pub mod image_name;
pub mod lint;
pub mod manifest;
pub mod mounts;
pub mod ports;
pub mod rules;
pub mod yaml;

pub use harden::harden;
pub use lint::lint;
pub use manifest::Manifest;
