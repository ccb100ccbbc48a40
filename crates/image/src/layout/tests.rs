use super::*;

#[test]
fn names_in_archives_are_found_by_tag_and_by_either_form() {
    for (own, asked) in [
        ("app:1", "app:1"),
        ("app:1", "1"),
        ("1", "1"),
        ("app:1", "docker.io/library/app:1"),
        ("docker.io/library/app:1", "app:1"),
        ("localhost/app:1", "1"),
        ("not a reference", "not a reference"),
    ] {
        assert!(names_match(own, asked), "{own} {asked}");
    }
    for (own, asked) in [
        ("app:1", "app"),
        ("app:1", "2"),
        ("app:1", "b/app:1"),
        ("", "1"),
    ] {
        assert!(!names_match(own, asked), "{own} {asked}");
    }
}

#[test]
fn a_name_without_slash_and_colon_is_a_tag() {
    let split = |name: &str| {
        let (repository, tag) = split_name(name);
        (repository.unwrap_or_default(), tag.unwrap_or_default())
    };
    assert_eq!(split("latest"), (String::new(), "latest".into()));
    assert_eq!(
        split("app:latest"),
        ("docker.io/library/app".into(), "latest".into())
    );
    assert_eq!(split("a.b:5000/c"), ("a.b:5000/c".into(), "latest".into()));
    assert_eq!(split("A/B"), Default::default());
    assert_eq!(split(""), Default::default());
}
