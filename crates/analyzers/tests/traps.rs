//! Traps that make scanners wrong, from the bytes of files to the packages of an image.

use plimsoll_analyze::InterestIndex;
use plimsoll_analyze::derive::{Derived, derive};
use plimsoll_analyze::layer::LayerFacts;
use plimsoll_analyzers::lang;
use plimsoll_model::fact::{EvidenceKind, Scope};
use plimsoll_model::facts::Package;
use plimsoll_model::image::RunConfig;
use plimsoll_model::{Ecosystem, ImagePath};
use plimsoll_testkit::fixtures::{Said, analyze};

/// What an image with these layers of files has.
fn image(layers: &[&[(&str, &str)]]) -> Derived {
    let index = InterestIndex::new(lang::ALL);
    let layers: Vec<LayerFacts> = layers.iter().map(|files| layer(&index, files)).collect();
    let derived = derive(&layers, None, &RunConfig::default());
    assert_eq!(derived.problems, []);
    derived
}

fn layer(index: &InterestIndex, files: &[(&str, &str)]) -> LayerFacts {
    let mut said = Said::default();
    let mut layer = LayerFacts::default();
    for (path, text) in files {
        analyze(index, path, 0o644, text.as_bytes(), &mut said);
        layer.tree.files.push(ImagePath::new(path).key());
    }
    layer.tree.files.sort_unstable();
    layer.facts = said.facts;
    layer.problems = said.problems;
    layer
}

/// Names and versions.
fn told(derived: &Derived) -> Vec<(&str, &str)> {
    let packages = derived.packages.iter();
    packages
        .map(|package| (package.fact.name.as_str(), package.fact.version.as_str()))
        .collect()
}

fn path(package: &Package) -> &str {
    package.locations[0].path.as_str()
}

const RACK: &str = "# stub: rack 3.0.8 ruby lib\nGem::Specification.new do |s|\n  s.name = \"rack\".freeze\n  s.version = \"3.0.8\"\nend\n";

#[test]
fn t41_what_is_installed_counts_and_not_the_lock() {
    let lock =
        "GEM\n  remote: https://rubygems.org/\n  specs:\n    rack (2.2.3)\n\nPLATFORMS\n  ruby\n";
    let spec = "usr/lib/ruby/gems/3.3.0/specifications/rack-3.0.8.gemspec";
    let inside = "usr/lib/ruby/gems/3.3.0/gems/other-1.0/Gemfile.lock";
    // The lock that a gem brings along says what its makers had.
    assert_eq!(told(&image(&[&[(inside, lock)]])), []);
    let both = [(spec, RACK), ("app/Gemfile.lock", lock), (inside, lock)];
    assert_eq!(told(&image(&[&both])), [("rack", "3.0.8")]);
    // With nothing installed the application's lock is all there is.
    let alone = image(&[&[("app/Gemfile.lock", lock)]]);
    assert_eq!(told(&alone), [("rack", "2.2.3")]);
    assert_eq!(alone.packages[0].fact.evidence, EvidenceKind::Locked);
}

#[test]
fn t42_the_platform_of_a_gem_is_no_part_of_its_version() {
    let lock = "GEM\n  remote: https://rubygems.org/\n  specs:\n    jruby-openssl (0.14.2-java)\n    nokogiri (1.13.3-x86_64-linux)\n\nPLATFORMS\n  java\n";
    let locked = image(&[&[("app/Gemfile.lock", lock)]]);
    assert_eq!(
        told(&locked),
        [("jruby-openssl", "0.14.2"), ("nokogiri", "1.13.3")]
    );
    // Without a version in the file, its name has both.
    let spec = "Gem::Specification.new do |s|\n  s.name = NAME\n  s.version = VERSION\nend\n";
    let index = InterestIndex::new(lang::ALL);
    let path = "g/specifications/ffi-1.9.25-java.gemspec";
    let layers = [layer(&index, &[(path, spec)])];
    let installed = derive(&layers, None, &RunConfig::default());
    assert_eq!(told(&installed), [("ffi", "1.9.25")]);
    assert_eq!(
        installed.packages[0].fact.architecture.as_deref(),
        Some("java")
    );
}

#[test]
fn t44_a_default_gem_and_a_newer_one_are_both_there() {
    let rexml = |version: &str| {
        format!(
            "Gem::Specification.new do |s|\n  s.name = \"rexml\"\n  s.version = \"{version}\"\nend\n"
        )
    };
    let (old, new) = (rexml("3.2.3"), rexml("3.2.5"));
    let found = image(&[&[
        (
            "usr/lib/ruby/gems/2.7.0/specifications/default/rexml-3.2.3.gemspec",
            old.as_str(),
        ),
        (
            "var/lib/gems/2.7.0/specifications/rexml-3.2.5.gemspec",
            new.as_str(),
        ),
    ]]);
    assert_eq!(told(&found), [("rexml", "3.2.3"), ("rexml", "3.2.5")]);
    // The folder tells which of them Ruby brought along.
    assert!(path(&found.packages[0]).contains("/specifications/default/"));
    assert!(!path(&found.packages[1]).contains("/default/"));
}

#[test]
fn t49_only_roots_of_npm_packages_are_packages() {
    let lock = r#"{"lockfileVersion":3,"packages":{
        "":{"name":"app","version":"1.0.0"},
        "node_modules/a":{"version":"1.2.3"},
        "node_modules/mocha":{"version":"10.0.0","dev":true}}}"#;
    let found = image(&[&[
        (
            "app/package.json",
            r#"{"name":"app","version":"1.0.0","devDependencies":{"mocha":"10"}}"#,
        ),
        ("app/package-lock.json", lock),
        (
            "app/node_modules/a/package.json",
            r#"{"name":"a","version":"1.2.3"}"#,
        ),
        (
            "app/node_modules/a/test/package.json",
            r#"{"name":"rc","version":"1.2.9"}"#,
        ),
        (
            "app/node_modules/a/test/fixtures/rc/package.json",
            r#"{"name":"rc","version":"1.2.9"}"#,
        ),
    ]]);
    assert_eq!(told(&found), [("a", "1.2.3"), ("mocha", "10.0.0")]);
    // What is for development is only in the lock, and marked.
    let mocha = &found.packages[1].fact;
    assert_eq!(
        (mocha.evidence, mocha.scope),
        (EvidenceKind::Locked, Scope::Development)
    );
}

#[test]
fn t50_what_npm_brings_along_is_of_the_layer_that_has_npm() {
    let ip = r#"{"name":"ip","version":"2.0.0"}"#;
    let npm = "usr/local/lib/node_modules/npm/node_modules/ip/package.json";
    let own = "app/node_modules/ip/package.json";
    let found = image(&[&[(npm, ip)], &[(own, r#"{"name":"ip","version":"2.0.1"}"#)]]);
    assert_eq!(told(&found), [("ip", "2.0.0"), ("ip", "2.0.1")]);
    let places: Vec<(&str, usize)> = found
        .packages
        .iter()
        .map(|package| (path(package), package.locations[0].introduced))
        .collect();
    assert_eq!(places, [(npm, 0), (own, 1)]);
}

#[test]
fn t66_t67_libraries_of_dotnet_bring_files() {
    let deps = r#"{
        "runtimeTarget": {"name": ".NETCoreApp,Version=v8.0/linux-x64"},
        "targets": {".NETCoreApp,Version=v8.0/linux-x64": {
            "app/1.0.0": {"runtime": {"app.dll": {}}},
            "Newtonsoft.Json/13.0.1": {"runtime": {"lib/net6.0/Newtonsoft.Json.dll": {}}},
            "System.Net.Http/4.3.0": {"dependencies": {"System.Runtime": "4.3.0"}},
            "System.Text.RegularExpressions/4.3.0": {"runtime": {"lib/netstandard1.6/_._": {}}},
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1": {"runtime": {"System.Net.Http.dll": {}}}
        }},
        "libraries": {
            "app/1.0.0": {"type": "project"},
            "Newtonsoft.Json/13.0.1": {"type": "package"},
            "System.Net.Http/4.3.0": {"type": "package"},
            "System.Text.RegularExpressions/4.3.0": {"type": "package"},
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1": {"type": "runtimepack"}
        }}"#;
    let found = image(&[&[("app/app.deps.json", deps)]]);
    assert_eq!(
        told(&found),
        [
            ("Microsoft.NETCore.App.Runtime.linux-x64", "8.0.1"),
            ("Newtonsoft.Json", "13.0.1"),
            ("app", "1.0.0"),
        ]
    );
}

#[test]
fn t73_a_python_package_of_conda_is_one_python_package() {
    let found = image(&[&[
        (
            "opt/conda/conda-meta/requests-2.31.0-py311_0.json",
            r#"{"name":"requests","version":"2.31.0","build":"py311_0","files":[]}"#,
        ),
        (
            "opt/conda/lib/python3.11/site-packages/requests-2.31.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: requests\nVersion: 2.31.0\n",
        ),
        // What an environment should have is no evidence that it has it.
        (
            "app/environment.yml",
            "dependencies:\n  - pip:\n    - django==2.0\n",
        ),
    ]]);
    let of = |ecosystem| {
        let packages = found.packages.iter();
        packages
            .filter(move |package| package.fact.ecosystem == ecosystem)
            .count()
    };
    assert_eq!(
        (
            of(Ecosystem::Pypi),
            of(Ecosystem::Conda),
            found.packages.len()
        ),
        (1, 1, 2)
    );
    // Nobody publishes advisories by conda's names, so nothing is counted twice.
    assert_eq!(Ecosystem::Conda.row().osv_name, None);
}

#[test]
fn t73b_a_list_of_copies_counts_where_the_copies_are() {
    const SITE: &str = "usr/lib/python3/site-packages/pip/_vendor";
    let list = format!("{SITE}/vendor.txt");
    let text = "urllib3==1.26.20\nsetuptools==70.3.0\n";
    let copy = format!("{SITE}/urllib3/__init__.py");
    let found = image(&[&[(list.as_str(), text), (copy.as_str(), "")]]);
    assert_eq!(told(&found), [("urllib3", "1.26.20")]);
    assert_eq!(found.packages[0].fact.evidence, EvidenceKind::Vendored);
}

#[test]
fn t48_requirements_that_pin_nothing_are_no_packages() {
    let text = "-r other.txt\ndjango>=2.0\nflask~=1.0\nrequests\n\
                pywin32==306; sys_platform == 'win32'\n\
                git+https://git.example/a.git@v1.0#egg=a\nb @ https://files.example/b-1.0.whl\n\
                urllib3==1.26.5  # pinned\n";
    let found = image(&[&[("app/requirements.txt", text)]]);
    assert_eq!(told(&found), [("urllib3", "1.26.5")]);
    assert_eq!(found.packages[0].fact.evidence, EvidenceKind::Locked);
    let installed = (
        "usr/lib/python3/site-packages/urllib3-2.2.1.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: urllib3\nVersion: 2.2.1\n",
    );
    let found = image(&[&[("app/requirements.txt", text), installed]]);
    assert_eq!(told(&found), [("urllib3", "2.2.1")]);
}

#[test]
fn t76_two_versions_side_by_side_stay_two() {
    let package = |version: &str| format!(r#"{{"name":"semver","version":"{version}"}}"#);
    let (old, new) = (package("5.7.1"), package("7.5.4"));
    let found = image(&[&[
        ("app/node_modules/semver/package.json", new.as_str()),
        ("app/node_modules/a/node_modules/semver/package.json", &old),
        ("app/node_modules/b/node_modules/semver/package.json", &old),
    ]]);
    assert_eq!(told(&found), [("semver", "5.7.1"), ("semver", "7.5.4")]);
    // Each with all of its places.
    assert_eq!(found.packages[0].locations.len(), 2);
}

const HISTORY: &str = "usr/local/lib/perl5/5.38.2/x86_64-linux-gnu/perllocal.pod";

fn history(entries: &[(&str, &str)]) -> String {
    let entry = |(name, version): &(&str, &str)| {
        format!(
            "=head2 Sun Nov  1 21:43:23 2026: C<Module> L<{name}|{name}>\n\n=over 4\n\n=item *\n\n\
             C<VERSION: {version}>\n\n=back\n\n"
        )
    };
    entries.iter().map(entry).collect::<Vec<_>>().concat()
}

fn list_of(module: &str) -> String {
    format!("usr/local/lib/perl5/site_perl/5.38.2/x86_64-linux-gnu/auto/{module}/.packlist")
}

/// `perllocal.pod` never forgets: what counts is what still has its list of files.
#[test]
fn perl_modules_that_were_removed_or_replaced_do_not_count() {
    let text = history(&[
        ("Acme::Keel", "1.0"),
        ("Gone", "2.0"),
        ("Acme::Keel", "1.1"),
    ]);
    let (keel, gone) = (list_of("Acme/Keel"), list_of("Gone"));
    let lower: &[(&str, &str)] = &[(HISTORY, &text), (&keel, "/x\n"), (&gone, "/y\n")];
    assert_eq!(
        told(&image(&[lower])),
        [("Acme-Keel", "1.1"), ("Gone", "2.0")]
    );
    let only: &[(&str, &str)] = &[(HISTORY, &text), (&keel, "/x\n")];
    assert_eq!(told(&image(&[only])), [("Acme-Keel", "1.1")]);
    // Whoever takes all lists away takes no module away.
    let none: &[(&str, &str)] = &[(HISTORY, &text)];
    assert_eq!(
        told(&image(&[none])),
        [("Acme-Keel", "1.1"), ("Gone", "2.0")]
    );
}

/// cpanm writes the distribution's name besides, and a distribution is one package.
#[test]
fn a_distribution_that_cpanm_records_is_not_told_twice() {
    let text = history(&[("LWP", "6.77"), ("Acme::Keel", "1.1")]);
    let record = r#"{"dist":"libwww-perl-6.77","name":"LWP","version":"6.77",
        "provides":{"LWP":{"file":"lib/LWP.pm"},"LWP::UserAgent":{"file":"lib/LWP/UserAgent.pm"}}}"#;
    let meta =
        "usr/local/lib/perl5/site_perl/5.38.2/x86_64-linux-gnu/.meta/libwww-perl-6.77/install.json";
    let (keel, lwp) = (list_of("Acme/Keel"), list_of("LWP"));
    let found = image(&[&[
        (HISTORY, &text),
        (meta, record),
        (&keel, "/x\n"),
        (&lwp, "/y\n"),
    ]]);
    assert_eq!(
        told(&found),
        [("Acme-Keel", "1.1"), ("libwww-perl", "6.77")]
    );
}

/// `Module::Build` leaves a list of files and nothing else.
#[test]
fn a_perl_module_without_a_version_is_a_gap() {
    let index = InterestIndex::new(lang::ALL);
    let list = list_of("Some/Thing");
    let layers = [layer(&index, &[(&list, "/x\n")])];
    let derived = derive(&layers, None, &RunConfig::default());
    assert_eq!(told(&derived), []);
    let [problem] = derived.problems.as_slice() else {
        panic!("{:?}", derived.problems);
    };
    assert_eq!(problem.effect, plimsoll_model::Effect::Gap);
    assert_eq!(
        problem.reason,
        "the Perl module `Some-Thing` is installed, and no record tells its version"
    );
}
