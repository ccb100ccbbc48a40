//! Packages of programming languages.

use plimsoll_analyze::Analyzer;

pub mod cargo_lock;
mod document;
pub mod dotnet_deps;
pub mod gem;
pub mod gemfile_lock;
pub mod go_mod;
pub mod jar;
mod lock;
pub mod npm;
pub mod nuget;
pub mod python;
mod text;
mod xml;

pub use cargo_lock::CargoLock;
pub use dotnet_deps::DotnetDeps;
pub use gem::Gem;
pub use gemfile_lock::GemfileLock;
pub use go_mod::GoMod;
pub use jar::Jar;
pub use npm::Npm;
pub use nuget::Nuget;
pub use python::Python;

/// The analyzers of this folder, sorted by id.
pub static ALL: &[&dyn Analyzer] = &[
    &CargoLock,
    &DotnetDeps,
    &Gem,
    &GemfileLock,
    &GoMod,
    &Jar,
    &Npm,
    &Nuget,
    &Python,
];
