//! Java runtimes that no package owns, by records of NVD (`fixtures/nvd/java.json`: five records as its API answered
//! them between 2024-01 and 2024-11, without references, texts in Spanish, products of others, and most of the updates
//! of Java 7 and 8 that CVE-2022-21541 lists).

use super::*;

const RECORDS: &str = include_str!("../../../fixtures/nvd/java.json");

fn runtime(name: &str, version: &str, maker: &str, analyzer: &str) -> Package {
    let mut runtime = package(Ecosystem::Generic, name, version);
    runtime.fact.maker = Some(maker.to_owned()).filter(|maker| !maker.is_empty());
    runtime.analyzer = analyzer.to_owned();
    runtime
}

/// Flaws that it has, and those of which nothing is known, marked with `?`.
fn ask(db: &Database, runtime: Package) -> Vec<String> {
    let found = match_packages(&image(None, vec![runtime]), db);
    let [problem] = found.problems.as_slice() else {
        panic!("one gap is told, and not {:?}", found.problems);
    };
    assert_eq!(
        (problem.subject.as_str(), problem.effect),
        ("Java runtime", Effect::Gap)
    );
    let told = found.matches.into_iter().map(|one| {
        let mark = match one.answer {
            Applicability::Affected => "",
            _ => "?",
        };
        format!("{}{mark}", one.vulnerability.id)
    });
    told.collect()
}

fn database() -> Database {
    let slice = Slice::new().document("nvd", "java", RECORDS.as_bytes());
    assert_eq!(slice.problems, []);
    slice.database()
}

/// A build of `OpenJDK` is judged by what is said of that, whoever made it, and not by what is said of Oracle's JDK
/// (CVE-2022-21434 and those of 2023 and 2024 name no other) or by numbers of Zulu.
#[test]
fn builds_of_openjdk_are_judged_by_openjdk() {
    let db = database();
    let ask = |version: &str| {
        let by_release = ask(
            &db,
            runtime("openjdk", version, "Eclipse Adoptium", "lang/jvm"),
        );
        let by_launcher = ask(&db, runtime("openjdk", version, "", "binary/version"));
        assert_eq!(by_release, by_launcher);
        by_release
    };
    // Listed one by one, `11.0.12` and `8:update301`, and in a range that ends with 11.0.15 and holds it.
    assert_eq!(ask("11.0.12+7"), ["CVE-2021-35550", "CVE-2022-21541"]);
    assert_eq!(ask("11.0.13+8"), ["CVE-2022-21541"]);
    assert_eq!(ask("11.0.15+10"), ["CVE-2022-21541"]);
    assert_eq!(ask("11.0.16+8"), Vec::<String>::new());
    assert_eq!(ask("17.0.3+7-LTS"), ["CVE-2022-21541"]);
    assert_eq!(ask("17.0.9+9"), Vec::<String>::new());
    assert_eq!(ask("17+35"), ["CVE-2022-21541"]);
    // Of lines that the record names in a later version alone nothing is known.
    assert_eq!(ask("11.0.11+9"), ["CVE-2021-35550?", "CVE-2022-21541"]);
    let of_2021 = |version: &str| {
        let mut all = ask(version).into_iter();
        all.find(|one| one.contains("CVE-2021-"))
    };
    assert_eq!(of_2021("1.8.0_292-b10").as_deref(), Some("CVE-2021-35550?"));
    assert_eq!(of_2021("1.8.0_301-b09").as_deref(), Some("CVE-2021-35550"));
    assert_eq!(of_2021("1.8.0_302-b08"), None);
    assert_eq!(ask("1.7.0_321-b01"), ["CVE-2022-21541"]);
}

/// Oracle's own builds are judged by `jdk` and `jre`, whose lists hold what Oracle supported.
#[test]
fn builds_of_oracle_are_judged_by_oracle_s() {
    let db = database();
    let ask = |version: &str| {
        ask(
            &db,
            runtime("jdk", version, "Oracle Corporation", "lang/jvm"),
        )
    };
    assert_eq!(ask("17.0.9+11-LTS-201"), ["CVE-2024-20918"]);
    assert_eq!(ask("17.0.10+11-LTS-240"), Vec::<String>::new());
    assert_eq!(
        ask("17.0.7+8-LTS-224"),
        ["CVE-2023-22041", "CVE-2024-20918?"]
    );
    assert_eq!(ask("21.0.1+12-LTS-29"), ["CVE-2024-20918"]);
    assert_eq!(ask("20.0.1+9-29"), ["CVE-2023-22041"]);
    assert_eq!(ask("18+36-2087"), ["CVE-2022-21434", "CVE-2022-21541?"]);
    // CVE-2023-22041 names Java 8 with Oracle's performance pack alone.
    assert_eq!(ask("1.8.0_371-b11"), ["CVE-2024-20918?"]);
    assert_eq!(ask("1.8.0_391-b13"), ["CVE-2024-20918"]);
    assert_eq!(ask("1.8.0_401-b10"), Vec::<String>::new());
}

/// Of `GraalVM` only Oracle's own bears the numbers of the JDK that NVD names; the community's is not judged by them,
/// and that is said.
#[test]
fn graalvm_is_judged_where_oracle_made_it() {
    let db = database();
    let version = "17.0.7+8-LTS-jvmci-23.0-b12";
    let own = runtime("graalvm", version, "Oracle Corporation", "lang/jvm");
    assert_eq!(ask(&db, own), ["CVE-2023-22041"]);
    for (maker, analyzer) in [("GraalVM Community", "lang/jvm"), ("", "binary/version")] {
        let other = runtime("graalvm", version, maker, analyzer);
        let found = match_packages(&image(None, vec![other]), &db);
        assert_eq!(found.matches, []);
        assert_eq!(found.judged.blind, 1);
        let gap = &found.problems[0];
        assert_eq!((gap.effect, gap.subject.as_str()), (Effect::Gap, "program"));
        assert!(gap.reason.contains("has no name there"), "{}", gap.reason);
    }
}

/// Why nothing is known, by which rule, and what no feed can judge.
#[test]
fn what_is_not_known_of_a_runtime_says_why() {
    let db = database();
    let old = runtime("jdk", "17.0.7+8", "Oracle Corporation", "lang/jvm");
    let found = match_packages(&image(None, vec![old]), &db).matches;
    let unknown = &found[1].reason;
    assert_eq!(unknown.rule, "[17, 17.0.9)");
    assert_eq!(unknown.compared, "17.0.7");
    let why = unknown.unknown.as_deref().expect("it says why");
    assert!(why.contains("names a later version of the line"), "{why}");
    assert_eq!(found[1].fix, FixState::Unknown);

    // IBM numbers Java 8 in its own way.
    let odd = runtime(
        "openjdk",
        "1.8.0-foreman_2022_09_22_15_30-b00",
        "",
        "lang/jvm",
    );
    assert!(ask(&db, odd).iter().all(|one| one.ends_with('?')));

    // Without NVD nothing judges them, and the reason is not that nobody could.
    let empty = Slice::new().database();
    let own = runtime("openjdk", "17.0.3+7", "Eclipse Adoptium", "lang/jvm");
    let found = match_packages(&image(None, vec![own]), &empty);
    assert_eq!((found.matches.len(), found.judged.blind), (0, 1));
    let reason = &found.problems[0].reason;
    assert!(reason.contains("NVD tells alone"), "{reason}");
}
