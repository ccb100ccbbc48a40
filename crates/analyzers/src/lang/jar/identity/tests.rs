use super::*;

#[test]
fn file_names_give_artefact_and_version() {
    for (stem, artifact, version) in [
        ("log4j-core-2.14.1", "log4j-core", Some("2.14.1")),
        ("log4j-1.2-api-2.17.1", "log4j-1.2-api", Some("2.17.1")),
        ("guava-31.1-jre", "guava", Some("31.1-jre")),
        (
            "foo-1.0-20200101.123456-1",
            "foo",
            Some("1.0-20200101.123456-1"),
        ),
        ("foo-1.0-SNAPSHOT", "foo", Some("1.0-SNAPSHOT")),
        (
            "spring-core-5.3.20.RELEASE",
            "spring-core",
            Some("5.3.20.RELEASE"),
        ),
        (
            "netty-epoll-4.1.48.Final-linux-x86_64",
            "netty-epoll",
            Some("4.1.48.Final"),
        ),
        (
            "hibernate-core-5.6.0.Beta1",
            "hibernate-core",
            Some("5.6.0.Beta1"),
        ),
        ("kafka_2.13-3.4.0", "kafka_2.13", Some("3.4.0")),
        ("bcprov-jdk15on-1.70", "bcprov-jdk15on", Some("1.70")),
        ("py4j0.10.9.7", "py4j", Some("0.10.9.7")),
        ("commons-lang3", "commons-lang3", None),
        ("app", "app", None),
        ("-1.0", "-1.0", None),
        ("", "", None),
    ] {
        assert_eq!(file_name(stem), (artifact, version), "{stem}");
    }
}

#[test]
fn bundle_names_give_groups() {
    for (bundle, artifact, group) in [
        (
            "com.fasterxml.jackson.core.jackson-databind",
            "jackson-databind",
            Some("com.fasterxml.jackson.core"),
        ),
        (
            "org.apache.commons.lang3",
            "commons-lang3",
            Some("org.apache.commons"),
        ),
        ("com.google.gson", "gson", Some("com.google.gson")),
        ("org.slf4j.api", "slf4j-api", Some("org.slf4j")),
        ("io.netty.common", "netty-common", Some("io.netty")),
        ("plain", "plain", None),
    ] {
        assert_eq!(group_of_bundle(bundle, artifact), group, "{bundle}");
    }
}

#[test]
fn manifests_are_unfolded_and_end_at_the_empty_line() {
    let manifest = Manifest::parse(
        b"Manifest-Version: 1.0\r\nImplementation-Title: a-very-\r\n long-name\r\nImplementation-Version: 1.2.3\r\n\r\nName: x\r\nBundle-Version: 9\r\n",
    );
    assert_eq!(manifest.artifact(), Some("a-very-long-name"));
    assert_eq!(manifest.version(), Some("1.2.3"));
    assert_eq!(manifest.get("bundle-version"), None);
}

#[test]
fn placeholders_are_no_coordinates() {
    let path = "META-INF/maven/g/a/pom.properties";
    assert_eq!(
        pom(
            path,
            b"version=${project.version}\ngroupId=g\nartifactId=a\n"
        ),
        None
    );
    let coordinates = pom(path, b"#comment\r\nversion = 1.0\r\n").unwrap();
    assert_eq!(
        (coordinates.name(), coordinates.version),
        ("g:a".into(), "1.0".into())
    );
}

fn coordinates(group: &str, artifact: &str, version: &str) -> Coordinates {
    Coordinates {
        group: Some(group.to_owned()),
        artifact: artifact.to_owned(),
        version: version.to_owned(),
    }
}

#[test]
fn the_archive_comes_first_and_what_was_merged_into_it_follows() {
    let poms = [
        coordinates("x", "log4j-api", "2.14.1"),
        coordinates("x", "log4j", "1"),
        coordinates("x", "log4j-core", "2.14.1"),
    ];
    let found = identify("log4j-core-2.14.1", None, &poms, &Manifest::default());
    assert_eq!(found.len(), 3);
    assert_eq!(found[0], poms[2]);
    let found = identify("app-1.0", None, &poms, &Manifest::default());
    assert_eq!((found.len(), found[0].name()), (4, "app".to_owned()));
    let found = identify("renamed", None, &poms[..1], &Manifest::default());
    assert_eq!(found, poms[..1]);
}

#[test]
fn t51_the_only_pom_of_another_artefact_is_not_the_archives_own() {
    let merged = [coordinates("org.example", "bar", "2.3.3")];
    let found = identify("spring-web-5.3.17", None, &merged, &Manifest::default());
    let names: Vec<String> = found.iter().map(Coordinates::name).collect();
    assert_eq!(names, ["org.springframework:spring-web", "org.example:bar"]);
    assert_eq!(found[0].version, "5.3.17");
    // A file that was renamed, or that keeps the version, is what its pom says.
    for stem in ["renamed", "other-2.3.3", "other-name"] {
        assert_eq!(
            identify(stem, None, &merged, &Manifest::default()),
            merged,
            "{stem}"
        );
    }
}

#[test]
fn spring_is_known_without_its_pom() {
    let found = identify("spring-webmvc-5.3.17", None, &[], &Manifest::default());
    assert_eq!(found[0].name(), "org.springframework:spring-webmvc");
    assert_eq!(found[0].version, "5.3.17");
}

#[test]
fn plain_bundles_are_named_after_their_file() {
    let manifest = Manifest::parse(
        b"Bundle-SymbolicName: com.google.inject.servlet;singleton:=true\nBundle-Version: 4.2.3\n",
    );
    let found = identify("guice-servlet", None, &[], &manifest);
    assert_eq!(found[0].name(), "com.google.inject:guice-servlet");
    let manifest = Manifest::parse(
        b"Bundle-SymbolicName: com.fasterxml.jackson.core.jackson-databind\nBundle-Version: 2.9\n",
    );
    let found = identify("renamed", None, &[], &manifest);
    assert_eq!(
        found[0].name(),
        "com.fasterxml.jackson.core:jackson-databind"
    );
}

#[test]
fn what_is_merged_into_an_archive_does_not_take_its_place() {
    let cglib = [coordinates("cglib", "cglib", "3.2.12")];
    let guice = Manifest::parse(b"Bundle-SymbolicName: com.google.inject\nBundle-Version: 4.2.3\n");
    let found = identify("guice", None, &cglib, &guice);
    let names: Vec<String> = found.iter().map(Coordinates::name).collect();
    assert_eq!(names, ["com.google.inject:guice", "cglib:cglib"]);
    // Debian's name of the second series; its manifest was forgotten.
    let jline = [coordinates("jline", "jline", "2.14.6")];
    let old = Manifest::parse(b"Implementation-Version: 2.11.0\n");
    assert_eq!(identify("jline2", None, &jline, &old), jline);
    // A renamed archive whose manifest counts builds.
    let core = [coordinates("org.apache.maven", "maven-core", "3.8.7")];
    let build = Manifest::parse(b"Implementation-Version: 3.8.7.b12\n");
    assert_eq!(identify("renamed", None, &core, &build), core);
    let title = Manifest::parse(b"Implementation-Version: 9\nImplementation-Title: maven-core\n");
    assert_eq!(identify("renamed", None, &core, &title), core);
}

#[test]
fn a_start_program_of_tomcat_is_not_a_style_sheet() {
    let manifest =
        Manifest::parse(b"Specification-Version: 10.1\nImplementation-Version: 10.1.55\n");
    let found = identify("bootstrap", None, &[], &manifest);
    assert_eq!(found[0].name(), "bootstrap");
}

#[test]
fn repositories_file_archives_under_their_coordinates() {
    for (path, name) in [
        (
            "root/.m2/repository/org/ow2/asm/asm/9.4/asm-9.4.jar",
            Some("org.ow2.asm:asm"),
        ),
        (
            "usr/share/maven-repo/org/codehaus/groovy/groovy-ant/2.4.21/groovy-ant-2.4.21.jar",
            Some("org.codehaus.groovy:groovy-ant"),
        ),
        (
            "root/.gradle/caches/modules-2/files-2.1/com.h2database/h2/2.1.214/d5c2/h2-2.1.214.jar",
            Some("com.h2database:h2"),
        ),
        ("srv/repository/h2/2.1.214/h2-2.1.214.jar", None),
        ("srv/repository/com/h2database/h2/2.1.214/other.jar", None),
        ("h2-2.1.214.jar", None),
        ("", None),
    ] {
        let found = repository(path).map(|coordinates| coordinates.name());
        assert_eq!(found.as_deref(), name, "{path}");
    }
}
