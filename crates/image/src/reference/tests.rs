use super::*;

const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[test]
fn names_are_made_whole() {
    for (text, whole) in [
        ("nginx", "docker.io/library/nginx:latest"),
        ("nginx:1.27", "docker.io/library/nginx:1.27"),
        ("docker.io/nginx", "docker.io/library/nginx:latest"),
        ("index.docker.io/team/app", "docker.io/team/app:latest"),
        ("team/app:v1", "docker.io/team/app:v1"),
        ("localhost/app", "localhost/app:latest"),
        ("localhost:5000/app", "localhost:5000/app:latest"),
        ("LOCALHOST/app", "LOCALHOST/app:latest"),
        (
            "quay.io/a/b/c__d-e---f.g:1_0",
            "quay.io/a/b/c__d-e---f.g:1_0",
        ),
        ("[::1]:5000/app:1", "[::1]:5000/app:1"),
        ("[2001:db8::1]/app", "[2001:db8::1]/app:latest"),
        ("example:5000", "docker.io/library/example:5000"),
    ] {
        assert_eq!(
            text.parse::<Reference>().unwrap().to_string(),
            whole,
            "{text}"
        );
    }
}

#[test]
fn tag_and_digest_are_both_kept() {
    let both: Reference = format!("nginx:1.27@sha256:{HEX}").parse().unwrap();
    assert_eq!(both.tag(), Some("1.27"));
    assert_eq!(both.digest().unwrap().hex(), HEX);
    let digest: Reference = format!("nginx@sha256:{HEX}").parse().unwrap();
    assert_eq!(digest.tag(), None);
    let long: Reference = format!("a.b/c@sha512:{HEX}{HEX}").parse().unwrap();
    assert_eq!(long.to_string(), format!("a.b/c@sha512:{HEX}{HEX}"));
    assert_eq!(both.at(digest.digest().unwrap().clone()), digest);
}

#[test]
fn familiar_names_drop_what_docker_hub_implies() {
    for (text, familiar) in [
        ("nginx", "nginx"),
        ("docker.io/team/app", "team/app"),
        ("quay.io/library/app", "quay.io/library/app"),
    ] {
        assert_eq!(
            text.parse::<Reference>().unwrap().familiar_repository(),
            familiar
        );
    }
}

#[test]
fn what_is_no_reference_is_refused_with_a_reason() {
    let long_tag = format!("a:{}", "t".repeat(129));
    let long_path = "p/".repeat(130) + "p";
    let endless = "x".repeat(5000);
    let short_digest = "nginx@sha256:abc".to_owned();
    for (text, reason) in [
        ("", "empty"),
        (HEX, "image id"),
        ("Nginx", "lower case"),
        ("team/App", "lower case"),
        ("nginx:", "tag is empty"),
        ("nginx:-a", "not a tag"),
        ("nginx:a b", "not a tag"),
        ("nginx:ä", "not a tag"),
        ("a//b", "not a part"),
        ("a/../b", "not a part"),
        ("-a", "not a part"),
        ("a-", "not a part"),
        ("a___b", "not a part"),
        ("a..b", "not a part"),
        ("a.b/", "no repository"),
        ("a.b:99999/c", "not a host"),
        ("a.b:+80/c", "not a host"),
        ("-a.b/c", "not a host"),
        ("[::1/c:1", "not a host"),
        ("[::1]x/c", "not a host"),
        ("nginx@md5:00", "neither"),
        (&short_digest, "length"),
        (&long_tag, "longer"),
        (&long_path, "longer"),
        (&endless, "longer"),
        ("a\0b", "not a part"),
    ] {
        let error = text.parse::<Reference>().unwrap_err().to_string();
        assert!(error.contains(reason), "{text}: {error}");
        assert!(error.len() < 700);
    }
}

#[test]
fn printing_and_parsing_are_inverse() {
    for text in ["nginx", "a.b:1/c/d:e", "localhost/x"] {
        let reference: Reference = text.parse().unwrap();
        assert_eq!(
            reference.to_string().parse::<Reference>().unwrap(),
            reference
        );
    }
}
