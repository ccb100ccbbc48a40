//! Why Plimsoll reports a flaw that Trivy does not report, and the other way round.

use plimsoll_version::Scheme;

use super::{Explanation, Only, Right, Side};

/// Everything that is known of reports that differ. The first row that covers a flaw counts.
pub const EXPLANATIONS: &[Explanation] = &[
    Explanation {
        side: Side::Plimsoll,
        right: Right::Plimsoll,
        why: "Trivy does not list the package; `docs/recall.md` compares the lists.",
        covers: |only| !only.trivy.packages.contains(only.package),
    },
    Explanation {
        side: Side::Plimsoll,
        right: Right::Untold,
        why: "It is in the watchlist that Plimsoll's database carries beside the feeds, or the watchlist has a \
              wider range.",
        covers: |only| reason(only, "feed") == "watchlist",
    },
    Explanation {
        side: Side::Plimsoll,
        right: Right::Plimsoll,
        why: "The advisory lists, among others, a version that is none by PEP 440 (`0.7.10p1`). Trivy then drops \
              the whole advisory without a word; Plimsoll compares with the others.",
        covers: |only| {
            only.package.kind == "pypi"
                && bounds(only).any(|bound| Scheme::Pep440.parse(&bound).is_err())
        },
    },
    Explanation {
        side: Side::Plimsoll,
        right: Right::Plimsoll,
        why: "`Products.CMFPlone` and `products-cmfplone` are one package of Python (PEP 503). Trivy tells them \
              apart and misses what is filed under the other name.",
        covers: |only| {
            let installed = only.ours.packages.get(only.package);
            let installed = installed.and_then(|package| package["name"].as_str());
            let told = only.told.constraints(only.package, only.ids);
            let mut names = told.iter().map(|(name, _)| *name).chain(installed);
            only.package.kind == "pypi" && names.any(|name| name.contains('.'))
        },
    },
    Explanation {
        side: Side::Plimsoll,
        right: Right::Plimsoll,
        why: "The advisory names, among others, a version with `_` (`4.4.0_RC1`), as Composer allows. Trivy \
              cannot read it and drops the whole advisory without a word.",
        covers: |only| {
            only.package.kind == "composer" && bounds(only).any(|bound| bound.contains('_'))
        },
    },
    Explanation {
        side: Side::Plimsoll,
        right: Right::Plimsoll,
        why: PATCH,
        covers: is_patch,
    },
    Explanation {
        side: Side::Plimsoll,
        right: Right::Plimsoll,
        why: "Every version of the module is affected, which Trivy's format says as `>=0`. Trivy orders a commit \
              (`v0.0.0-20260319175635-5183b7d86137`) before 0 and takes it for safe.",
        covers: |only| {
            only.package.kind == "golang"
                && only.package.version.starts_with("0.0.0-")
                && reason(only, "rule").contains("∞)")
        },
    },
    Explanation {
        side: Side::Plimsoll,
        right: Right::Plimsoll,
        why: "Two sources speak of the same CVE id in the package, of different versions. Trivy keeps one source \
              for an id; Plimsoll keeps both.",
        covers: |only| only.told.constraints(only.package, only.ids).len() > 1,
    },
    Explanation {
        side: Side::Trivy,
        right: Right::Plimsoll,
        why: PATCH,
        covers: is_patch,
    },
    Explanation {
        side: Side::Trivy,
        right: Right::Plimsoll,
        why: "A container runs on the kernel of its host. Plimsoll lists packages of the kernel and does not count \
              its flaws.",
        covers: |only| {
            let name = only.package.name.as_str();
            match only.package.kind.as_str() {
                "rpm" => name == "kernel" || name.starts_with("kernel-"),
                "deb" => name.starts_with("linux-"),
                _ => false,
            }
        },
    },
    Explanation {
        side: Side::Trivy,
        right: Right::Plimsoll,
        why: "Names of npm tell small letters from capitals: `jQuery` is not `jquery` but somebody's old copy of \
              it. Trivy looks for advisories in small letters.",
        covers: |only| {
            only.package.kind == "npm"
                && !only.ours.packages.contains_key(only.package)
                && only.ours.packages.keys().any(|known| {
                    known.version == only.package.version
                        && known.name != only.package.name
                        && known.name.eq_ignore_ascii_case(&only.package.name)
                })
        },
    },
    Explanation {
        side: Side::Trivy,
        right: Right::Plimsoll,
        why: "Debian's stable update `5.2.5-2.1~deb11u1` is the fixed version `5.2.5-2.1`, built for the release; \
              it only sorts before it.",
        covers: |only| {
            let flaws = only.trivy.flaws.iter();
            let mut fixed = flaws
                .filter(|((package, id), _)| package == only.package && only.ids.contains(id))
                .filter_map(|(_, fixed)| only.package.version.strip_prefix(fixed.as_str()));
            only.package.kind == "deb" && fixed.any(|rest| rest.starts_with("~deb"))
        },
    },
    Explanation {
        side: Side::Trivy,
        right: Right::Plimsoll,
        why: "Two errata repair the flaw, one for each minor release (`el8_9`, `el8_10`), and what is installed is \
              the repaired build of its own. Trivy keeps one fixed version for a flaw, that of the later release.",
        covers: |only| {
            let installed = only.package.version.as_str();
            let own = branch(installed);
            let is_repaired = |fixed: &str| {
                let order = Scheme::Rpm.compare(installed, fixed);
                branch(fixed) == own && order.is_ok_and(std::cmp::Ordering::is_ge)
            };
            let mut fixes = only.told.fixes(only.package, only.ids);
            only.package.kind == "rpm" && own.is_some() && fixes.any(is_repaired)
        },
    },
];

/// The minor release of Red Hat's enterprise Linux or of a rebuild for which a package was built: `el8_9`.
fn branch(version: &str) -> Option<&str> {
    let from = version.rfind(".el")?;
    let mark = version.get(from..)?.get(1..)?;
    let mark = mark.split('.').next()?;
    mark.contains('_').then_some(mark)
}

const PATCH: &str = "Composer's `2.3.6-p1` is a patch of 2.3.6 and comes after it. Trivy orders it before, as \
                     Semantic Versioning does with what follows a hyphen.";

fn is_patch(only: &Only<'_>) -> bool {
    let patch = |version: &str| {
        let rest = version.split_once("-p").map(|(_, rest)| rest);
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    only.package.kind == "composer"
        && (patch(&only.package.version) || bounds(only).any(|bound| patch(&bound)))
}

/// The versions in what Trivy was told of this flaw in this package.
fn bounds(only: &Only<'_>) -> impl Iterator<Item = String> {
    let told = only.told.constraints(only.package, only.ids).into_iter();
    let texts = told.flat_map(|(_, constraints)| constraints);
    let bounds = texts.flat_map(|text| text.split(", ").map(str::to_owned).collect::<Vec<_>>());
    bounds.map(|bound| bound.trim_start_matches(['<', '>', '=']).to_owned())
}

/// A part of the reason that Plimsoll gives.
fn reason<'a>(only: &'a Only<'_>, part: &str) -> &'a str {
    let flaw = only
        .flaw
        .and_then(|flaw| flaw.told["reason"][part].as_str());
    flaw.unwrap_or_default()
}
