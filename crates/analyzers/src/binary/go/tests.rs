use super::*;

#[test]
fn toolchains_lose_what_is_not_their_version() {
    for (toolchain, version) in [
        ("go1.21.3", Some("1.21.3")),
        ("go1.21.3 X:boringcrypto", Some("1.21.3")),
        ("go1.20.12-fips", Some("1.20.12")),
        ("go1.19.8 (Red Hat 1.19.8-1.el9)", Some("1.19.8")),
        ("go1.22rc1", Some("1.22rc1")),
        ("go1.20", Some("1.20")),
        (
            "devel go1.22-3b6d5f5 Mon Jan 1 00:00:00 2024 +0000",
            Some("1.22-3b6d5f5"),
        ),
        ("devel +abcdef", None),
        ("unknown", None),
        ("", None),
    ] {
        assert_eq!(toolchain_version(toolchain), version, "{toolchain}");
    }
}

fn main_of(text: &str) -> String {
    let modules = Modules::parse(text);
    main_version(modules.main.expect("there is a main module"), &modules)
}

#[test]
fn main_modules_get_their_version_from_the_linker_flags() {
    for (flags, version) in [
        (r#"-ldflags="-s -w -X main.version=1.2.3""#, "v1.2.3"),
        (
            r#"-ldflags="-X=main.Version=v1.2.3-rc.1 -s""#,
            "v1.2.3-rc.1",
        ),
        (
            r#"-ldflags="-X 'main.date=a day' -X 'example.org/m/pkg.Version=2.0.1'""#,
            "v2.0.1",
        ),
        (
            r#"-ldflags="-X example.org/m/version.Version=1.0.0 -X main.version=3.0.0""#,
            "v3.0.0",
        ),
        (
            r#"-ldflags="-X k8s.io/component-base/version.gitVersion=v1.27.3""#,
            "(devel)",
        ),
        (
            r#"-ldflags="-X example.org/mother.Version=1.0.0""#,
            "(devel)",
        ),
        (r#"-ldflags="-X main.version=dev""#, "(devel)"),
        (r#"-ldflags="-X""#, "(devel)"),
        ("-compiler=gc", "(devel)"),
    ] {
        let text = format!("path\texample.org/m\nmod\texample.org/m\t(devel)\t\nbuild\t{flags}\n");
        assert_eq!(main_of(&text), version, "{flags}");
    }
}

#[test]
fn t62_main_modules_get_a_pseudo_version_from_the_commit() {
    let text = "mod\texample.org/m\t(devel)\t\nbuild\tvcs.revision=0123456789abcdef0123456789abcdef01234567\nbuild\tvcs.time=2023-05-06T07:08:09Z\nbuild\tvcs.modified=true\n";
    assert_eq!(main_of(text), "v0.0.0-20230506070809-0123456789ab+dirty");
    assert_eq!(
        main_of("mod\tm\t(devel)\t\nbuild\tvcs.revision=abc\nbuild\tvcs.time=x\n"),
        "(devel)"
    );
    assert_eq!(main_of("mod\tm\tv1.0.0\t\n"), "v1.0.0");
}

#[test]
fn t65_replacements_take_the_place_of_what_they_replace() {
    let modules = Modules::parse(
        "dep\ta\tv1.0.0\th1:x\n=>\tb\tv2.0.0\th1:y\ndep\tc\tv3.0.0\n=>\t./c\t(devel)\t\ndep\td\tv4.0.0\n",
    );
    let names: Vec<_> = modules
        .dependencies
        .iter()
        .map(|module| (module.path, module.version))
        .collect();
    assert_eq!(names, [("b", "v2.0.0"), ("c", "(devel)"), ("d", "v4.0.0")]);
}

#[test]
fn programs_outside_of_module_mode_are_not_known() {
    assert!(!Modules::parse("path\texample.org/m\nbuild\t-compiler=gc\n").are_known());
    assert!(Modules::parse("path\tcmd/go\n").are_known());
    assert!(Modules::parse("path\tm\nmod\tm\tv1.0.0\t\n").are_known());
    assert!(!Modules::parse("").are_known());
}

#[test]
fn programs_outside_of_module_mode_are_named_after_their_repository() {
    for (path, module) in [
        (
            "github.com/docker/cli/cmd/docker",
            Some("github.com/docker/cli"),
        ),
        (
            "github.com/cli/cli/v2/cmd/gh",
            Some("github.com/cli/cli/v2"),
        ),
        ("github.com/a/b", Some("github.com/a/b")),
        ("github.com/a/b/version", Some("github.com/a/b")),
        (
            "k8s.io/kubernetes/cmd/kubelet",
            Some("k8s.io/kubernetes/cmd/kubelet"),
        ),
        ("cmd/go", None),
        ("command-line-arguments", None),
        ("", None),
    ] {
        let text = format!("path\t{path}\n");
        let guessed = Modules::parse(&text).guessed_main().map(|main| main.path);
        assert_eq!(guessed, module, "{path}");
    }
}
