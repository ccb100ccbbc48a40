use std::collections::BTreeSet;

use super::*;

/// The names of the libraries that are seen in an archive with these classes.
fn seen<'a>(classes: impl IntoIterator<Item = &'a str>) -> Vec<&'static str> {
    let mut sightings = Sightings::default();
    for class in classes {
        sightings.see(format!("{class}.class").as_bytes());
    }
    sightings
        .found()
        .iter()
        .map(|one| one.library.name)
        .collect()
}

/// The classes of a row below a folder.
fn below<'a>(folder: &'a str, library: &'a Library) -> impl Iterator<Item = String> + use<'a> {
    library
        .classes
        .split(' ')
        .map(move |class| format!("{folder}{class}"))
}

#[test]
fn rows_are_sorted_and_well_formed() {
    let names: Vec<&str> = table::LIBRARIES.iter().map(|row| row.name).collect();
    assert!(names.is_sorted() && names.len() > 70);
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    for row in table::LIBRARIES {
        let name = row.name;
        assert_eq!(name.matches(':').count(), 1, "{name}");
        assert!(row.root.is_empty() || row.root.ends_with('/'), "{name}");
        let classes: BTreeSet<&str> = row.all_classes().collect();
        assert_eq!(classes.len(), row.all_classes().count(), "{name}");
        assert!(classes.len() <= 32, "{name}");
        assert!(
            row.least >= 3 && row.classes.split(' ').count() >= row.least as usize,
            "{name}"
        );
        for path in row.all_classes().chain(row.told.iter().map(Told::file)) {
            assert!(path.contains('/') || !row.root.is_empty(), "{name}: {path}");
            assert!(
                !path.starts_with('/') && !path.contains(".class"),
                "{name}: {path}"
            );
        }
    }
}

#[test]
fn every_library_is_seen_where_it_is_and_where_it_was_moved() {
    for row in table::LIBRARIES {
        for folder in [
            "",
            "com/acme/shaded/",
            "BOOT-INF/classes/",
            "META-INF/versions/11/",
        ] {
            let folder = format!("{folder}{}", row.root);
            let classes: Vec<String> = below(&folder, row).collect();
            let found = seen(classes.iter().map(String::as_str));
            // Classes of one can be among those of another only where the table says so.
            assert_eq!(found, [row.name], "{folder}");
        }
        let cut: Vec<String> = below("com/acme/thirdparty/", row).collect();
        assert_eq!(seen(cut.iter().map(String::as_str)), [row.name]);
    }
}

#[test]
fn fewer_classes_are_not_enough() {
    for row in table::LIBRARIES {
        let folder = format!("com/acme/{}", row.root);
        let few = row.least as usize - 1;
        let classes: Vec<String> = below(&folder, row).take(few).collect();
        assert_eq!(
            seen(classes.iter().map(String::as_str)),
            [""; 0],
            "{}",
            row.name
        );
        // Classes in several folders are several libraries.
        let apart = row.classes.split(' ').enumerate();
        let classes: Vec<String> = apart
            .map(|(n, class)| format!("p{n}/{}{class}", row.root))
            .collect();
        assert_eq!(
            seen(classes.iter().map(String::as_str)),
            [""; 0],
            "{}",
            row.name
        );
        if !row.root.is_empty() {
            let all = row.classes.split(' ').count();
            let cut: Vec<String> = below("com/acme/", row).take(all - 1).collect();
            assert_eq!(
                seen(cut.iter().map(String::as_str)),
                [""; 0],
                "{}",
                row.name
            );
        }
    }
}

#[test]
fn what_is_unlike_a_library_is_not_taken_for_it() {
    let mut any = 0;
    for row in table::LIBRARIES {
        for unlike in row.unlike {
            any += 1;
            assert!(!seen(unlike.split(' ')).contains(&row.name), "{}", row.name);
        }
    }
    assert!(any > 8);
}

#[test]
fn the_place_of_its_own_wins_and_newer_classes_tell_a_bound() {
    let mut sightings = Sightings::default();
    let yaml = "Yaml constructor/Constructor representer/Representer resolver/Resolver";
    for class in yaml.split(' ') {
        sightings.see(format!("a/shaded/org/yaml/snakeyaml/{class}.esclazz").as_bytes());
        sightings.see(format!("org/yaml/snakeyaml/{class}.class").as_bytes());
        sightings.see(format!("org/yaml/snakeyaml/{class}.java").as_bytes());
    }
    let found = sightings.found();
    assert_eq!((found.len(), found[0].is_own_place()), (1, true));
    assert!(!found[0].note().contains("or later"));
    sightings.see(b"org/yaml/snakeyaml/inspector/TagInspector.classdata");
    assert!(sightings.found()[0].note().ends_with("it is 2.0 or later"));
}

#[test]
fn coordinates_follow_the_version() {
    let row = |name: &str| {
        table::LIBRARIES
            .iter()
            .find(|row| row.name == name)
            .unwrap()
    };
    let bouncy = row("org.bouncycastle:bcprov-jdk15on");
    assert_eq!(bouncy.at("1.70").name(), "org.bouncycastle:bcprov-jdk15on");
    assert_eq!(bouncy.at("1.72").name(), "org.bouncycastle:bcprov-jdk18on");
    assert_eq!(bouncy.at("").name(), "org.bouncycastle:bcprov-jdk15on");
    assert!(bouncy.is_named("bcprov-ext-jdk14") && !bouncy.is_named("bcpkix-jdk15on"));
    assert!(row("io.netty:netty-codec").is_part_of("netty-all"));
}
