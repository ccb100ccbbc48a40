//! Installed rocks of Lua: `<tree>/rocks-<Lua>/<name>/<version>/<name>-<version>.rockspec`.
//!
//! A rockspec is a Lua program of assignments ("Rockspec format", documentation of `LuaRocks`). Name and version
//! are those of its folders, by which `LuaRocks` finds a rock; only literals are read from the program.
//! A rockspec elsewhere is the source of a rock.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::PackageFact;
use plimsoll_model::{Ecosystem, Effect};

use super::indented::unquoted;
use super::{document, text};

/// Installed rocks of Lua.
#[derive(Debug)]
pub struct Luarocks;

static META: Meta = Meta {
    id: "lang/luarocks",
    revision: 1,
    docs: "Reads the `*.rockspec` of each installed rock of Lua: name, version, licence, maintainer and the names \
           of what it needs.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[".rockspec"],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 1 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Luarocks {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some((name, version)) = from_folders(file.path.as_str()) else {
            return;
        };
        let Some(text) = document::text(file, sink) else {
            return;
        };
        if !text.contains("package") {
            return sink.unreadable("this is not a rockspec");
        }
        if !text::is_word(name) || !text::is_word(version) {
            return sink.unreadable("the folders of the rock say no name and version");
        }
        let mut package = PackageFact::new(Ecosystem::Luarocks, name, version);
        let mut inside = false;
        for line in text.lines().map(str::trim) {
            if let Some(license) = assigned(line, "license") {
                text::add(&mut package.licenses, text::statement(license));
            } else if let Some(maker) = assigned(line, "maintainer") {
                package.maker = text::statement(maker);
            }
            // `dependencies = { "lua >= 5.1", "lpeg" }`, on one line or on several.
            let list = match line.strip_prefix("dependencies") {
                Some(rest) => {
                    let list = rest.trim_start().strip_prefix('=');
                    inside = list.is_some();
                    list.unwrap_or_default()
                }
                None => line,
            };
            if inside {
                let list = list.split('}').next().unwrap_or_default();
                package.depends.extend(needs(list));
                inside = !line.contains('}');
            }
        }
        package.depends.sort();
        package.depends.dedup();
        sink.package(package);
    }
}

/// Name and version from `…/rocks-5.4/NAME/VERSION/x.rockspec`, or `rocks/` of old `LuaRocks`.
fn from_folders(path: &str) -> Option<(&str, &str)> {
    let mut above = path.rsplit('/').skip(1);
    let (version, name) = above.next().zip(above.next())?;
    let tree = above.next()?;
    (tree == "rocks" || tree.starts_with("rocks-")).then_some((name, version))
}

/// The literal that a line gives to a name.
fn assigned<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let value = line.strip_prefix(name)?.trim_start().strip_prefix('=')?;
    let value = value.trim().trim_end_matches([',', ';']);
    let bare = unquoted(value);
    (bare.len() < value.len()).then_some(bare)
}

/// Names in a list of literals, without their versions and without Lua itself.
fn needs(list: &str) -> impl Iterator<Item = String> {
    list.split(['"', '\''])
        .skip(1)
        .step_by(2)
        .filter_map(|need| need.split_whitespace().next())
        .filter(|name| *name != "lua" && text::is_word(name))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_installed_rocks() {
        assert_eq!(
            from_folders("usr/local/lib/luarocks/rocks-5.1/lpeg/1.1.0-1/lpeg-1.1.0-1.rockspec"),
            Some(("lpeg", "1.1.0-1"))
        );
        assert_eq!(from_folders("src/lpeg/lpeg-1.1.0-1.rockspec"), None);
    }
}
