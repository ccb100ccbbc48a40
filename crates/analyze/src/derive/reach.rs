//! What is loaded when a container starts: the programs that the command names, the interpreters of scripts, and the
//! libraries that programs are linked to.
//!
//! Sources: `execve(2)` for scripts and dynamic linkers, `execvp(3)` for the search in `PATH`, `ld.so(8)` for the search
//! of libraries. `LD_LIBRARY_PATH`, `ld.so.conf` and `LD_PRELOAD` are not read; where a library is in several places and
//! no `DT_RUNPATH` decides, every one of them counts.

use std::collections::{BTreeMap, VecDeque};

use foldhash::{HashMap, HashMapExt};

use plimsoll_model::ImagePath;
use plimsoll_model::fact::{Executable, FactBody, Script};
use plimsoll_model::facts::{LocatedExecutable, Package};
use plimsoll_model::image::RunConfig;
use plimsoll_model::reach::{Reach, ReachedFile};

use super::counting;
use super::owners::Owners;
use super::paths::Paths;
use crate::layer::LayerFacts;
use crate::squash::Squashed;

/// Programs that run what a file or an argument says, by name without digits and dots at its end.
const INTERPRETERS: &[&str] = &[
    "Rscript", "R", "ash", "awk", "bash", "beam.smp", "bun", "busybox", "clojure", "csh", "dash",
    "deno", "dotnet", "elixir", "erl", "fish", "gawk", "groovy", "guile", "irb", "java", "jruby",
    "julia", "ksh", "lua", "luajit", "make", "mawk", "mksh", "mono", "node", "nodejs", "octave",
    "perl", "php", "php-fpm", "pwsh", "pypy", "python", "ruby", "sh", "swipl", "tclsh", "toybox",
    "uwsgi", "wish", "zsh",
];

/// Most words of a command that are looked at.
pub(super) const MOST_WORDS: usize = 512;
/// Most folders of a search path of libraries.
const MOST_FOLDERS: usize = 64;
/// Most files that are followed; the largest programs are linked to some three hundred.
const MOST_FILES: usize = 4096;
/// Most places of libraries that are looked at in all: an image may name each of its libraries like all others.
const MOST_PLACES: usize = 1 << 16;
/// How many scripts may start one another; the kernel's own limit is 5.
const MOST_SCRIPTS: usize = 5;

/// What is loaded when a container starts with the image's own command.
pub(super) fn reach(
    squashed: &Squashed<'_>,
    layers: &[LayerFacts],
    executables: &[LocatedExecutable],
    packages: &[Package],
    owners: &Owners<'_>,
    run: &RunConfig,
) -> Reach {
    let command: Vec<&str> = run
        .entrypoint
        .iter()
        .chain(&run.cmd)
        .map(String::as_str)
        .collect();
    let Some((first, others)) = command.split_first() else {
        return Reach::default();
    };
    let mut walk = Walk {
        paths: Paths { layers, run },
        files: Files::of(squashed, executables),
        owners,
        reach: Reach::default(),
        reached: BTreeMap::new(),
        places: MOST_PLACES,
    };
    let Some(start) = walk.find(first) else {
        return Reach::default();
    };
    walk.start(&start, None, MOST_SCRIPTS);
    let words = others.iter().flat_map(|word| words(word)).take(MOST_WORDS);
    for word in words {
        if let Some(path) = walk.find(word) {
            walk.start(&path, None, MOST_SCRIPTS);
        } else {
            walk.add_archive(word, packages);
        }
    }
    walk.done()
}

/// An argument, and the words in it where it is a line for a shell.
pub(super) fn words(argument: &str) -> impl Iterator<Item = &str> {
    let breaks = |c: char| c.is_whitespace() || "\"'`();&|<>{}".contains(c);
    let inner = argument.contains(breaks).then(|| argument.split(breaks));
    std::iter::once(argument)
        .chain(inner.into_iter().flatten())
        .filter(|word| !word.is_empty() && !word.starts_with('-'))
}

/// The visible programs and scripts.
struct Files<'a> {
    programs: HashMap<&'a ImagePath, &'a LocatedExecutable>,
    scripts: HashMap<&'a ImagePath, &'a Script>,
    /// Libraries by machine and the name that others ask for, sorted by path.
    libraries: HashMap<(&'a str, &'a str), Vec<&'a LocatedExecutable>>,
}

impl<'a> Files<'a> {
    fn of(squashed: &'a Squashed<'_>, executables: &'a [LocatedExecutable]) -> Self {
        let mut libraries: HashMap<(&str, &str), Vec<&LocatedExecutable>> = HashMap::new();
        for one in executables {
            let machine = one.executable.machine.as_str();
            let file = one.location.path.file_name();
            let soname = one.executable.linkage.soname.as_deref();
            for name in soname
                .into_iter()
                .chain((soname != Some(file)).then_some(file))
            {
                libraries.entry((machine, name)).or_default().push(one);
            }
        }
        let scripts = counting(squashed).filter_map(|placed| match &placed.fact.body {
            FactBody::Script(script) => Some((&placed.path, script)),
            _ => None,
        });
        Self {
            programs: executables
                .iter()
                .map(|one| (&one.location.path, one))
                .collect(),
            scripts: scripts.collect(),
            libraries,
        }
    }

    fn contain(&self, path: &ImagePath) -> bool {
        self.programs.contains_key(path) || self.scripts.contains_key(path)
    }
}

struct Walk<'a> {
    paths: Paths<'a>,
    files: Files<'a>,
    owners: &'a Owners<'a>,
    reach: Reach,
    /// Each file with what asks for it.
    reached: BTreeMap<ImagePath, Option<ImagePath>>,
    /// Places of libraries that may still be looked at.
    places: usize,
}

impl Walk<'_> {
    /// The program or script that a word of a command names.
    fn find(&self, word: &str) -> Option<ImagePath> {
        let mut places = self.paths.places(word);
        places.find_map(|path| Some(self.paths.real(&path)).filter(|path| self.files.contain(path)))
    }

    /// A file that is started: by the command, or as an interpreter, where so many scripts more may follow.
    fn start(&mut self, path: &ImagePath, through: Option<&ImagePath>, scripts: usize) {
        if let Some(program) = self.files.programs.get(path).copied() {
            let linkage = &program.executable.linkage;
            self.reach.hands_over |= is_interpreter(path.file_name());
            let linker = linkage
                .interpreter
                .as_deref()
                .map(|text| self.paths.real(&ImagePath::new(text)));
            self.load(path, through);
            if let Some(linker) = linker.filter(|linker| self.files.contain(linker)) {
                self.load(&linker, Some(path));
            }
            return;
        }
        let Some(script) = self.files.scripts.get(path).copied() else {
            return;
        };
        self.reach.hands_over = true;
        if !self.add(path, through) {
            return;
        }
        // `#!/usr/bin/env -S python3 -u`
        let named = script.argument.split_whitespace();
        let named = named.filter(|word| !word.starts_with('-') && !word.contains('='));
        let of_env = ImagePath::new(&script.interpreter).file_name() == "env";
        let found: Vec<ImagePath> = std::iter::once(script.interpreter.as_str())
            .chain(named.take(usize::from(of_env)))
            .filter_map(|word| self.find(word))
            .collect();
        let Some(scripts) = scripts.checked_sub(1) else {
            return;
        };
        for one in found {
            self.start(&one, Some(path), scripts);
        }
    }

    /// A program or library, and everything that it is linked to.
    fn load(&mut self, path: &ImagePath, through: Option<&ImagePath>) {
        let mut waiting = VecDeque::from([(path.clone(), through.cloned())]);
        while let Some((path, through)) = waiting.pop_front() {
            if !self.add(&path, through.as_ref()) {
                continue;
            }
            let Some(program) = self.files.programs.get(&path).copied() else {
                continue;
            };
            for name in &program.executable.linkage.needed {
                if self.places == 0 {
                    return;
                }
                let found = self.libraries(&path, &program.executable, name);
                let new = found
                    .into_iter()
                    .filter(|found| !self.reached.contains_key(found));
                waiting.extend(new.map(|found| (found, Some(path.clone()))));
            }
        }
    }

    /// The files that a name in the table of a program may mean.
    fn libraries(&mut self, asker: &ImagePath, program: &Executable, name: &str) -> Vec<ImagePath> {
        let folder = |path: &ImagePath| path.parent().unwrap_or_else(|| ImagePath::new(""));
        if name.contains('/') {
            let path = self.paths.real(&self.paths.whole(name));
            return Vec::from_iter(self.files.contain(&path).then_some(path));
        }
        let all = self.files.libraries.get(&(program.machine.as_str(), name));
        let all = all.map_or(&[][..], Vec::as_slice);
        let Some(places) = self.places.checked_sub(all.len()) else {
            // What else is loaded is not known.
            self.reach.hands_over = true;
            self.places = 0;
            return Vec::new();
        };
        self.places = places;
        let all: Vec<&ImagePath> = all.iter().map(|one| &one.location.path).collect();
        if all.len() > 1 {
            let origin = format!("/{}", folder(asker).as_str());
            let search = program.linkage.search.as_deref().unwrap_or_default();
            for place in search
                .split(':')
                .filter(|place| !place.is_empty())
                .take(MOST_FOLDERS)
            {
                let place = place
                    .replace("${ORIGIN}", &origin)
                    .replace("$ORIGIN", &origin);
                let place = self.paths.real(&ImagePath::new(&place));
                if let Some(found) = all.iter().find(|path| folder(path) == place) {
                    return vec![(*found).clone()];
                }
            }
            let usual: Vec<ImagePath> = all
                .iter()
                .filter(|path| is_usual(path))
                .map(|path| (*path).clone())
                .collect();
            if !usual.is_empty() {
                return usual;
            }
        }
        all.into_iter().cloned().collect()
    }

    /// An archive or another file that the command names and that is a package: `java -jar app.jar`.
    fn add_archive(&mut self, word: &str, packages: &[Package]) {
        let path = self.paths.real(&self.paths.whole(word));
        let mut places = packages.iter().flat_map(|package| &package.locations);
        if places.any(|place| place.path == path) {
            self.add(&path, None);
        }
    }

    /// Notes a file; whether it is new.
    fn add(&mut self, path: &ImagePath, through: Option<&ImagePath>) -> bool {
        if self.reached.len() >= MOST_FILES {
            self.reach.hands_over = true;
            return false;
        }
        let is_new = !self.reached.contains_key(path);
        if is_new {
            self.reached.insert(path.clone(), through.cloned());
        }
        is_new
    }

    fn done(self) -> Reach {
        let owners = self.owners;
        let files = self.reached.into_iter().map(|(path, through)| ReachedFile {
            owner: owners.owner(&path),
            path,
            through,
        });
        Reach {
            files: files.collect(),
            ..self.reach
        }
    }
}

/// Whether a program runs what others say: `python3.11`.
fn is_interpreter(name: &str) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-'));
    INTERPRETERS.contains(&stem) || INTERPRETERS.contains(&name)
}

/// Whether the dynamic linker looks in the folder of a library without being told: `lib`, `usr/lib64`,
/// `usr/lib/x86_64-linux-gnu`, `usr/local/lib`.
fn is_usual(path: &ImagePath) -> bool {
    let Some(folder) = path.parent() else {
        return false;
    };
    let below = folder.as_str();
    let below = below.strip_prefix("usr/").unwrap_or(below);
    let below = below.strip_prefix("local/").unwrap_or(below);
    match below.split_once('/') {
        None => matches!(below, "lib" | "lib32" | "lib64" | "libx32"),
        Some(("lib", triplet)) => !triplet.contains('/') && triplet.contains("-linux-"),
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_model::fact::{Fact, Linkage, Toolchain};

    use super::*;
    use crate::derive::derive;

    fn program(soname: &str, needed: Vec<String>) -> FactBody {
        FactBody::Executable(Executable {
            machine: "x86_64".into(),
            toolchain: Toolchain::Other,
            opaque: None,
            library: false,
            linkage: Linkage {
                soname: Some(soname.to_owned()),
                needed,
                ..Linkage::default()
            },
        })
    }

    fn script(interpreter: String) -> FactBody {
        FactBody::Script(Script {
            interpreter,
            argument: String::new(),
        })
    }

    fn reach_of(facts: Vec<(String, FactBody)>, command: &str) -> Reach {
        let mut layer = LayerFacts::default();
        for (path, body) in facts {
            let path = ImagePath::new(&path);
            layer.tree.files.push(path.key());
            layer.facts.push(Fact {
                path,
                analyzer: String::new(),
                body,
            });
        }
        layer.tree.sort();
        let run = RunConfig {
            cmd: vec![command.to_owned()],
            ..RunConfig::default()
        };
        derive(&[layer], None, &run).reach
    }

    /// Scripts that start one another without end, and in a circle.
    #[test]
    fn scripts_end_where_the_kernel_gives_up() {
        let chain = (0..100_000).map(|n| (format!("s{n}"), script(format!("/s{}", n + 1))));
        let reach = reach_of(chain.collect(), "/s0");
        assert_eq!(reach.files.len(), MOST_SCRIPTS + 1);
        assert!(reach.hands_over);
        let circle = vec![
            ("a".to_owned(), script("/b".to_owned())),
            ("b".to_owned(), script("/a".to_owned())),
        ];
        assert_eq!(reach_of(circle, "/a").files.len(), 2);
    }

    /// Libraries that all bear one name, and each asks for it many times.
    #[test]
    fn libraries_of_one_name_are_not_followed_for_ever() {
        let many = |n: usize| {
            let needed = vec!["x.so".to_owned(); 1000];
            (format!("opt/{n}/x.so"), program("x.so", needed))
        };
        let reach = reach_of((0..3000).map(many).collect(), "/opt/0/x.so");
        assert!(reach.hands_over);
        assert!(reach.files.len() <= MOST_FILES);
    }
}
