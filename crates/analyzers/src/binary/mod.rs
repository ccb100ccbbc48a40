//! Programs: what they were made with, and what they say of their contents.

use plimsoll_analyze::Analyzer;

mod buildinfo;
pub mod bundle;
mod classes;
mod crates;
pub mod dotnet;
mod dynamic;
pub mod elf;
pub mod go;
pub mod kernel;
pub mod kernel_module;
pub mod native;
pub mod note;
mod pe;
pub mod php_extension;
pub mod privilege;
mod quoted;
pub mod rust;
pub mod script;
mod sections;
pub mod version;

pub use bundle::DotnetBundle;
pub use dotnet::Dotnet;
pub use elf::Elf;
pub use go::Go;
pub use kernel::Kernel;
pub use kernel_module::KernelModule;
pub use native::NativeImage;
pub use note::Note;
pub use php_extension::PhpExtension;
pub use privilege::Privilege;
pub use rust::Rust;
pub use script::Script;
pub use version::Version;

/// Largest program that is looked at, in bytes. Only tables are read, whatever the size.
const LIMIT: u64 = 4 << 30;

/// The analyzers of this folder, sorted by id.
pub static ALL: &[&dyn Analyzer] = &[
    &Dotnet,
    &DotnetBundle,
    &Elf,
    &Go,
    &Kernel,
    &KernelModule,
    &NativeImage,
    &Note,
    &PhpExtension,
    &Privilege,
    &Rust,
    &Script,
    &Version,
];

/// Whether a text can be the name or the version of a package.
fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 256
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}
