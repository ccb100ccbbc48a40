//! Packages of programming languages.

use plimsoll_analyze::Analyzer;

pub mod actions;
pub mod app_bundle;
pub mod bun_lock;
pub mod cargo_lock;
pub mod cocoapods;
pub mod composer;
pub mod conan;
pub mod conda;
pub mod cpan;
pub mod cran;
pub mod dart;
pub mod deno_lock;
mod document;
pub mod dotnet_deps;
pub mod egg;
pub mod gem;
pub mod gemfile_lock;
pub mod go_mod;
pub mod gradle;
pub mod haskell;
pub mod hex;
mod indented;
pub mod jar;
pub mod julia;
pub mod jvm;
mod lock;
pub mod luarocks;
pub mod nim;
pub mod npm;
pub mod npm_lock;
pub mod nuget;
pub mod opam;
pub mod otp;
pub mod pear;
pub mod perllocal;
pub mod pnpm_lock;
pub mod pom;
pub mod prolog;
pub mod python;
pub mod python_lock;
pub mod requirements;
pub mod swift;
pub mod terraform;
mod text;
pub mod vcpkg;
pub mod wordpress;
mod xml;
pub mod yarn_cache;
pub mod yarn_lock;

pub use actions::Actions;
pub use app_bundle::AppBundle;
pub use bun_lock::BunLock;
pub use cargo_lock::CargoLock;
pub use cocoapods::Cocoapods;
pub use composer::{Composer, ComposerLock};
pub use conan::Conan;
pub use conda::Conda;
pub use cpan::Cpan;
pub use cran::Cran;
pub use dart::Dart;
pub use deno_lock::DenoLock;
pub use dotnet_deps::DotnetDeps;
pub use egg::Egg;
pub use gem::Gem;
pub use gemfile_lock::GemfileLock;
pub use go_mod::GoMod;
pub use gradle::Gradle;
pub use haskell::Haskell;
pub use hex::Hex;
pub use jar::Jar;
pub use julia::Julia;
pub use jvm::Jvm;
pub use luarocks::Luarocks;
pub use nim::Nim;
pub use npm::Npm;
pub use npm_lock::NpmLock;
pub use nuget::Nuget;
pub use opam::Opam;
pub use otp::Otp;
pub use pear::Pear;
pub use perllocal::Perllocal;
pub use pnpm_lock::PnpmLock;
pub use pom::Pom;
pub use prolog::Prolog;
pub use python::Python;
pub use python_lock::PythonLock;
pub use requirements::Requirements;
pub use swift::Swift;
pub use terraform::Terraform;
pub use vcpkg::Vcpkg;
pub use wordpress::Wordpress;
pub use yarn_cache::YarnCache;
pub use yarn_lock::YarnLock;

/// The analyzers of this folder, sorted by id.
pub static ALL: &[&dyn Analyzer] = &[
    &AppBundle,
    &BunLock,
    &CargoLock,
    &Cocoapods,
    &Composer,
    &ComposerLock,
    &Conan,
    &Conda,
    &Cpan,
    &Cran,
    &Dart,
    &DenoLock,
    &DotnetDeps,
    &Egg,
    &Gem,
    &GemfileLock,
    &Actions,
    &GoMod,
    &Gradle,
    &Haskell,
    &Hex,
    &Jar,
    &Julia,
    &Jvm,
    &Luarocks,
    &Nim,
    &Npm,
    &NpmLock,
    &Nuget,
    &Opam,
    &Otp,
    &Pear,
    &Perllocal,
    &PnpmLock,
    &Pom,
    &Prolog,
    &Python,
    &PythonLock,
    &Requirements,
    &Swift,
    &Terraform,
    &Vcpkg,
    &Wordpress,
    &YarnCache,
    &YarnLock,
];
