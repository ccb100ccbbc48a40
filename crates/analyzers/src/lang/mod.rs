//! Packages of programming languages.

use plimsoll_analyze::Analyzer;

pub mod actions;
pub mod cargo_lock;
pub mod cocoapods;
pub mod dart;
mod document;
pub mod dotnet_deps;
pub mod gem;
pub mod gemfile_lock;
pub mod go_mod;
pub mod haskell;
pub mod hex;
pub mod jar;
mod lock;
pub mod nim;
pub mod npm;
pub mod nuget;
pub mod opam;
pub mod otp;
pub mod prolog;
pub mod python;
pub mod swift;
pub mod terraform;
mod text;
mod xml;

pub use actions::Actions;
pub use cargo_lock::CargoLock;
pub use cocoapods::Cocoapods;
pub use dart::Dart;
pub use dotnet_deps::DotnetDeps;
pub use gem::Gem;
pub use gemfile_lock::GemfileLock;
pub use go_mod::GoMod;
pub use haskell::Haskell;
pub use hex::Hex;
pub use jar::Jar;
pub use nim::Nim;
pub use npm::Npm;
pub use nuget::Nuget;
pub use opam::Opam;
pub use otp::Otp;
pub use prolog::Prolog;
pub use python::Python;
pub use swift::Swift;
pub use terraform::Terraform;

/// The analyzers of this folder, sorted by id.
pub static ALL: &[&dyn Analyzer] = &[
    &CargoLock,
    &Cocoapods,
    &Dart,
    &DotnetDeps,
    &Gem,
    &GemfileLock,
    &Actions,
    &GoMod,
    &Haskell,
    &Hex,
    &Jar,
    &Nim,
    &Npm,
    &Nuget,
    &Opam,
    &Otp,
    &Prolog,
    &Python,
    &Swift,
    &Terraform,
];
