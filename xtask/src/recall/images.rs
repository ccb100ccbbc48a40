//! The images that are compared, made once and kept below `target/recall`.
//!
//! Each is an archive as `docker save` writes it: a root of Debian, and what other package managers install on
//! top of it as a second layer.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use plimsoll_testkit::debian::{Recipe, Suites};
use plimsoll_testkit::image::{Compression, Image as Packed, Layer, docker};
use plimsoll_testkit::roots;

use crate::process::{Shown, capture, succeed};

/// An image to compare.
#[derive(Debug)]
pub(super) struct Image {
    pub(super) name: &'static str,
    /// What is in it, as a part of a sentence.
    pub(super) what: &'static str,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// A root of Debian, and what a function leaves in a folder as `/srv` or `/opt` on top.
    Debian {
        recipe: Recipe,
        more: Option<fn(&Path) -> Result<()>>,
    },
    /// A package database of rpm, from the shared material.
    Rpm(&'static str),
}

const fn release(release: &'static str, packages: &'static [&'static str]) -> Recipe {
    Recipe {
        release,
        suites: Suites::Release,
        packages,
    }
}

/// All of them.
pub(super) const IMAGES: &[Image] = &[
    Image {
        name: "debian-java",
        what: "Debian bookworm with Java libraries, Maven, Ant, Tomcat, Jetty, Groovy and Scala",
        content: Content::Debian {
            recipe: release("bookworm", JAVA),
            more: None,
        },
    },
    Image {
        name: "node",
        what: "Debian bookworm with four Node applications, installed by npm, Yarn 1, Yarn 4 (Plug'n'Play) and \
               pnpm",
        content: Content::Debian {
            recipe: release("bookworm", &["nodejs", "npm"]),
            more: Some(node),
        },
    },
    Image {
        name: "python",
        what: "Debian bookworm with a Python application: Debian's packages, a virtual environment of pip, and \
               an environment of conda, whose packages are made of wheels by `whl2conda` and installed by \
               `py-rattler`, since no channel of conda is in reach",
        content: Content::Debian {
            recipe: release(
                "bookworm",
                &["python3-pip", "python3-venv", "python3-requests"],
            ),
            more: Some(python),
        },
    },
    Image {
        name: "polyglot",
        what: "Debian trixie with Node, Ruby, PHP, Go, Rust, R, Lua, Erlang, Elixir, OCaml, Prolog, Perl, Python \
               and Java",
        content: Content::Debian {
            recipe: release("trixie", POLYGLOT),
            more: None,
        },
    },
    Image {
        name: "rpm-sqlite",
        what: "the rpm database of CBL-Mariner 2.0, SQLite",
        content: Content::Rpm("cbl-mariner-2.0"),
    },
    Image {
        name: "rpm-ndb",
        what: "the rpm database of SUSE's base container image 15, NDB",
        content: Content::Rpm("sle15-bci"),
    },
    Image {
        name: "rpm-bdb",
        what: "an rpm database of CentOS, Berkeley DB",
        content: Content::Rpm("libuuid"),
    },
];

#[rustfmt::skip]
const JAVA: &[&str] = &[
    "activemq", "ant", "clojure", "default-jre-headless", "groovy", "junit5", "libaxis-java", "libbcprov-java",
    "libcommons-fileupload-java", "libfreemarker-java", "libhibernate-validator-java", "libhttpclient-java",
    "libjackson2-databind-java", "libjetty9-java", "liblog4j1.2-java", "liblog4j2-java", "libmariadb-java",
    "libnetty-java", "libokhttp-java", "libpostgresql-jdbc-java", "libprotobuf-java", "libspring-context-java",
    "libspring-jdbc-java", "libspring-web-java", "libxstream-java", "maven", "scala", "testng", "tomcat10",
    "velocity", "zookeeper",
];

#[rustfmt::skip]
const POLYGLOT: &[&str] = &[
    "bundler", "composer", "default-jre-headless", "elixir", "erlang-base", "fd-find", "gh", "liblog4j2-java",
    "liblwt-ocaml-dev", "libmojolicious-perl", "libwww-perl", "lua-socket", "luarocks", "node-express", "nodejs",
    "npm", "ocaml-findlib", "php-cli", "php-pear", "python3-cryptography", "python3-flask", "python3-pip",
    "r-cran-jsonlite", "r-cran-rcpp", "ripgrep", "ruby", "ruby-sinatra", "swi-prolog-nox",
];

impl Image {
    /// The archive; made at the first call, which needs the mirrors.
    pub(super) fn archive(&self, home: &Path) -> Result<PathBuf> {
        let archive = home.join(format!("{}.tar", self.name));
        if archive.is_file() {
            return Ok(archive);
        }
        println!("making the image `{}`", self.name);
        let packed = match &self.content {
            Content::Rpm(name) => roots::rpm(name),
            Content::Debian { recipe, more } => {
                let name = format!("test/{}:1", self.name);
                let mut packed = Packed::new(&name).layer(plain(recipe.tar()));
                if let Some(more) = more {
                    packed = packed.layer(plain(second(home, self.name, *more)?));
                }
                packed
            }
        };
        let part = home.join(format!("{}.part", self.name));
        fs::write(&part, docker(&[packed]).tar())
            .and_then(|()| fs::rename(&part, &archive))
            .with_context(|| format!("cannot write `{}`", archive.display()))?;
        Ok(archive)
    }
}

fn plain(tar: Vec<u8>) -> Layer {
    Layer::of_tar(tar).stored(Compression::None)
}

/// What a function leaves in a folder, as a tar with sorted names, one owner and one time.
fn second(home: &Path, name: &str, fill: fn(&Path) -> Result<()>) -> Result<Vec<u8>> {
    let folder = home.join(format!("{name}.root"));
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot clear `{}`", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    fill(&folder)?;
    let mut command = Command::new("tar");
    command
        .args([
            "--create",
            "--sort=name",
            "--owner=0",
            "--group=0",
            "--numeric-owner",
        ])
        .args([
            "--mtime=2026-01-01T00:00:00Z",
            "--exclude=./tools",
            "--directory",
        ])
        .arg(&folder)
        .arg(".");
    let output = command
        .output()
        .with_context(|| format!("cannot start `{}`", Shown(&command)))?;
    if !output.status.success() {
        bail!("`{}` ended with {}", Shown(&command), output.status);
    }
    fs::remove_dir_all(&folder).with_context(|| format!("cannot clear `{}`", folder.display()))?;
    Ok(output.stdout)
}

fn write(path: &Path, content: &str) -> Result<()> {
    let folder = path.parent().context("a file lies in a folder")?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, content))
        .with_context(|| format!("cannot write `{}`", path.display()))
}

/// Four applications, each with its lock file and what its package manager installed.
fn node(root: &Path) -> Result<()> {
    const NPM: &str = r#"{"name": "npm-app", "version": "1.0.0", "dependencies": {"express": "4.17.1",
"lodash": "4.17.20", "@babel/core": "7.23.0", "webpack": "5.88.0", "jest": "29.7.0", "esbuild": "0.19.4",
"react-scripts": "5.0.1", "string-width-cjs": "npm:string-width@4.2.3", "npm": "10.2.0"}}"#;
    const YARN: &str = r#"{"name": "yarn-app", "version": "1.0.0", "private": true, "dependencies": {
"@nestjs/core": "10.2.0", "@nestjs/cli": "10.1.18", "sass": "1.69.0", "left-pad": "1.3.0",
"@storybook/core-server": "7.4.0"}}"#;
    const BERRY: &str = r#"{"name": "berry-app", "version": "1.0.0", "private": true, "dependencies": {
"@angular/cli": "16.2.0", "rxjs": "7.8.1", "uuid": "9.0.0"}}"#;
    const PNPM: &str = r#"{"name": "pnpm-app", "version": "1.0.0", "private": true, "dependencies": {
"next": "13.5.4", "vite": "4.4.11", "eslint": "8.51.0", "vue": "3.3.4", "svelte": "4.2.1", "mocha": "10.2.0"}}"#;
    let apps = root.join("srv");
    for (name, manifest) in [
        ("npm", NPM),
        ("yarn", YARN),
        ("berry", BERRY),
        ("pnpm", PNPM),
    ] {
        write(&apps.join(name).join("package.json"), manifest)?;
    }
    write(&apps.join("berry/yarn.lock"), "")?;
    let registry = capture(Command::new("npm").args(["config", "get", "registry"]))?;
    let tools = root.join("tools");
    fs::create_dir_all(&tools).context("cannot create the folder of tools")?;
    let npm = |folder: &Path| {
        let mut command = Command::new("npm");
        command.args([
            "install",
            "--silent",
            "--ignore-scripts",
            "--legacy-peer-deps",
        ]);
        command
            .args(["--no-audit", "--no-fund"])
            .current_dir(folder);
        command
    };
    succeed(npm(&tools).args([
        "--no-save",
        "yarn@1.22.22",
        "pnpm@9.15.4",
        "@yarnpkg/cli-dist@4.5.3",
    ]))?;
    succeed(&mut npm(&apps.join("npm")))?;
    let tool = |path: &str, folder: &str| {
        let mut command = Command::new("node");
        command
            .arg(tools.join("node_modules").join(path))
            .arg("install")
            .current_dir(apps.join(folder));
        command
    };
    succeed(
        tool("yarn/bin/yarn.js", "yarn")
            .args([
                "--silent",
                "--ignore-scripts",
                "--ignore-engines",
                "--registry",
            ])
            .arg(&registry),
    )?;
    succeed(
        tool("@yarnpkg/cli-dist/bin/yarn.js", "berry")
            .env("YARN_ENABLE_TELEMETRY", "0")
            .env("YARN_ENABLE_SCRIPTS", "0")
            .env("YARN_ENABLE_GLOBAL_CACHE", "0")
            .env("YARN_NPM_REGISTRY_SERVER", &registry),
    )?;
    succeed(tool("pnpm/bin/pnpm.cjs", "pnpm").args(["--silent", "--ignore-scripts"]))
}

/// A virtual environment of pip, and an environment of conda beside it.
fn python(root: &Path) -> Result<()> {
    #[rustfmt::skip]
    const PACKAGES: &[&str] = &[
        "ansible-core==2.15.4", "boto3==1.28.57", "cryptography==41.0.4", "django==4.2.5", "dotnetcore2==3.1.23",
        "flask==2.2.5", "jupyterlab==4.0.6", "numpy==1.26.0", "pandas==2.1.1", "pipenv==2023.9.8",
        "py4j==0.10.9.7", "ruamel.yaml==0.17.33", "ruff==0.0.291", "setuptools==68.2.2", "tabula-py==2.9.0",
        "tensorboard==2.14.1", "wheel==0.41.2", "zope.interface==6.0",
    ];
    let venv = |path: &Path| {
        succeed(
            Command::new("python3")
                .args(["-m", "venv", "--copies"])
                .arg(path),
        )
    };
    let pip = |venv: &Path| {
        let mut command = Command::new(venv.join("bin/pip"));
        command.args(["install", "--quiet", "--disable-pip-version-check"]);
        command
    };
    let application = root.join("opt/venv");
    venv(&application)?;
    succeed(pip(&application).args(PACKAGES))?;
    let tools = root.join("tools");
    venv(&tools)?;
    succeed(pip(&tools).args(["py-rattler==0.28.0", "whl2conda==26.7.2"]))?;
    let script = tools.join("conda.py");
    write(&script, include_str!("conda.py"))?;
    succeed(
        Command::new(tools.join("bin/python"))
            .arg(&script)
            .arg(&tools)
            .arg(root.join("opt/conda")),
    )
}
