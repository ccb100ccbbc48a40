//! Fixes that changelogs tell: what is known, and that the rest is not.

use super::*;

fn db(complete: bool) -> Database {
    let document = json!({
        "format": "plimsoll-changelogs-1", "ecosystem": "Debian:12", "newest": "2026-11-21T00:00:00Z",
        "complete": complete, "missing": if complete { json!([]) } else { json!(["other"]) },
        "sources": {"curl": {"version": "7.88.1-10+deb12u14",
            "fixed": {"CVE-2024-0001": "7.88.1-10+deb12u5"}, "reverted": ["CVE-2024-0002"],
            "written": {"7.88.1-10+deb12u5": "2023-12-20T22:00:00Z"}}}
    });
    let slice = Slice::new().document("changelog", "bookworm", document.to_string().as_bytes());
    assert_eq!(slice.problems.len(), usize::from(!complete));
    slice.database()
}

#[test]
fn fixes_of_changelogs_are_matched_and_the_rest_is_told() {
    for (complete, effect) in [(true, Effect::Gap), (false, Effect::Blind)] {
        let db = db(complete);
        let ask = |version: &str| {
            let installed = built(Ecosystem::Deb, ("libcurl4", version), ("curl", version));
            match_packages(&image(Some(("debian", "12")), vec![installed]), &db)
        };
        let old = ask("7.88.1-10+deb12u4");
        assert_eq!(
            told(&old.matches),
            [
                (
                    "CVE-2024-0001",
                    Applicability::Affected,
                    "[0, 7.88.1-10+deb12u5); by the changelog of curl 7.88.1-10+deb12u14"
                ),
                (
                    "CVE-2024-0002",
                    Applicability::Unknown,
                    "undetermined; by the changelog of curl 7.88.1-10+deb12u14"
                )
            ]
        );
        assert_eq!(
            old.matches[0].fix,
            FixState::Fixed(vec!["7.88.1-10+deb12u5".to_owned()])
        );
        let since = old.matches[0].fix_since.map(|since| since.to_string());
        assert_eq!(since.as_deref(), Some("2023-12-20T00:00:00Z"));
        let new = ask("7.88.1-10+deb12u5");
        assert_eq!(new.matches.len(), 1);
        let effects: Vec<Effect> = new.problems.iter().map(|problem| problem.effect).collect();
        assert_eq!(effects, [effect]);
    }
}
