//! Why Plimsoll puts versions in another order than the scheme's own tool, or takes a text for a version that
//! the tool does not take for one.

use plimsoll_version::Scheme;

use super::{Cover, Difference, Explanation};

/// Everything that is known of answers that differ. The first row of a scheme that covers a pair counts.
pub const EXPLANATIONS: &[Explanation] = &[
    Explanation {
        scheme: Scheme::Deb,
        why: "dpkg only warns of characters that Debian's policy does not allow, and compares, and reads `+2:` as the \
              epoch 2. Plimsoll takes such texts for no versions, so that marks of feeds such as `<unfixed>` never \
              pass for one.",
        covers: Cover::Text(|pair| {
            unread_here(Scheme::Deb, pair, |text| {
                let odd = |byte: char| !byte.is_ascii_alphanumeric() && !".+~_:-".contains(byte);
                let revision = text.rsplit_once('-').map_or("", |(_, revision)| revision);
                text.contains(odd) || revision.contains(':') || text.starts_with('+')
            })
        }),
    },
    Explanation {
        scheme: Scheme::Rpm,
        why: "rpm compares any text. Neither a version nor a release holds a hyphen or is empty (rpm-version(7)), \
              and an epoch is a number, so Plimsoll takes other texts for no versions.",
        covers: Cover::Text(|pair| unread_here(Scheme::Rpm, pair, shapeless)),
    },
    Explanation {
        scheme: Scheme::Apk,
        why: "`~` and the hash of a commit are new in apk-tools 3, whose packages Plimsoll reads as well.",
        covers: Cover::Text(|pair| unread_there(pair, |text| text.contains('~'))),
    },
    Explanation {
        scheme: Scheme::Apk,
        why: "apk-tools 2 reads numbers and suffixes without a character (`1.`, `1_`, `-r`), and letters before the \
              first number. No package has them (apk-package(5)), so Plimsoll takes such texts for no versions.",
        covers: Cover::Text(|pair| unread_here(Scheme::Apk, pair, empty_piece)),
    },
    Explanation {
        scheme: Scheme::Maven,
        why: "Maven compares any text. Plimsoll takes one with characters that no version has for none.",
        covers: Cover::Text(|pair| unread_here(Scheme::Maven, pair, |text| text.contains('^'))),
    },
    Explanation {
        scheme: Scheme::Maven,
        why: "Maven contradicts itself: in `1-sp` < `1--alpha` < `1` < `1-sp` no order holds. In Plimsoll what is \
              older than nothing stays older than what is newer than nothing.",
        covers: Cover::Cycle,
    },
    Explanation {
        scheme: Scheme::Go,
        why: "The tools compare two modules or two toolchains. The vulnerability database writes toolchains as \
              modules, and so Plimsoll has one order for both.",
        covers: Cover::Text(|pair| {
            let toolchain = |text: &str| text.starts_with("go");
            pair.answer.tool.is_none()
                && toolchain(&pair.answer.left) != toolchain(&pair.answer.right)
        }),
    },
    Explanation {
        scheme: Scheme::Go,
        why: "The tools want the `v`. The vulnerability database leaves it out, and Plimsoll reads both.",
        covers: Cover::Text(|pair| {
            unread_there(pair, |text| {
                text.starts_with(|sign: char| sign.is_ascii_digit())
            })
        }),
    },
    Explanation {
        scheme: Scheme::Nuget,
        why: "NuGet keeps numbers in 32 bits; in Plimsoll they have no width.",
        covers: Cover::Text(|pair| unread_there(pair, |text| digits(text) > 9)),
    },
    Explanation {
        scheme: Scheme::Pacman,
        why: "libalpm leaves the release out where one side has none, so that `1-1`, `1` and `1-2` are equal in a \
              row. In Plimsoll an absent release is older than any.",
        covers: Cover::Text(|pair| {
            let released = |text: &str| text.contains('-');
            pair.ours.is_some() && released(&pair.answer.left) != released(&pair.answer.right)
        }),
    },
    Explanation {
        scheme: Scheme::Pacman,
        why: "libalpm compares any text. Neither a version nor a release holds a hyphen or is empty (PKGBUILD(5)), \
              and an epoch is a number, so Plimsoll takes other texts for no versions.",
        covers: Cover::Text(|pair| unread_here(Scheme::Pacman, pair, shapeless)),
    },
    Explanation {
        scheme: Scheme::Pacman,
        why: "libalpm contradicts itself on separators at the end: `1.1` < `1..a` < `1.` < `1.1`.",
        covers: Cover::Cycle,
    },
    Explanation {
        scheme: Scheme::Pub,
        why: "The tool is npm's: in Dart what follows `+` takes part in the order.",
        covers: Cover::Text(|pair| texts(pair).any(|text| text.contains('+'))),
    },
    Explanation {
        scheme: Scheme::Pub,
        why: "The tool is npm's: Dart reads numbers with leading zeros.",
        covers: Cover::Text(|pair| unread_there(pair, zeros)),
    },
    Explanation {
        scheme: Scheme::Swift,
        why: "The tool is npm's: Swift's package manager reads numbers with leading zeros.",
        covers: Cover::Text(|pair| unread_there(pair, zeros)),
    },
    Explanation {
        scheme: Scheme::Swift,
        why: "The tool is npm's: Swift's package manager reads a tag of two numbers.",
        covers: Cover::Text(|pair| {
            unread_there(pair, |text| {
                text.split(['-', '+'])
                    .next()
                    .unwrap_or_default()
                    .split('.')
                    .count()
                    == 2
            })
        }),
    },
    Explanation {
        scheme: Scheme::Cran,
        why: "R keeps numbers in 31 bits and gives no answer beyond; in Plimsoll they have no width.",
        covers: Cover::Text(|pair| unread_there(pair, |text| digits(text) > 9)),
    },
    Explanation {
        scheme: Scheme::Hackage,
        why: "Cabal reads tags behind a hyphen and forgets them. They are no part of a version any more.",
        covers: Cover::Text(|pair| unread_here(Scheme::Hackage, pair, |text| text.contains('-'))),
    },
    Explanation {
        scheme: Scheme::Hackage,
        why: "Cabal reads at most nine digits of a number; in Plimsoll they have no width.",
        covers: Cover::Text(|pair| unread_there(pair, |text| digits(text) > 9)),
    },
    Explanation {
        scheme: Scheme::Conan,
        why: "Conan compares any text. Plimsoll takes one with an empty item, or with characters that no reference \
              has, for no version.",
        covers: Cover::Text(|pair| {
            unread_here(Scheme::Conan, pair, |text| {
                let odd = |sign: char| !sign.is_ascii_alphanumeric() && !"_.+-".contains(sign);
                text.contains(odd) || text.split(['.', '+', '-']).any(str::is_empty)
            })
        }),
    },
    Explanation {
        scheme: Scheme::Conan,
        why: "Conan compares a number with a text as texts, and so `9` < `10` < `1a` < `9`, which is no order. In \
              Plimsoll an item such as `1a` goes by its digits and then by the rest. To Conan `+1` and `-1` are \
              numbers too, as Python reads them.",
        covers: Cover::Text(|pair| {
            let both = pair.ours.is_some() && pair.answer.tool.is_some();
            both && texts(pair).flat_map(conan_items).any(mixed)
        }),
    },
];

/// Whether only Plimsoll takes one of the texts for no version, and each such text is as `odd` says.
fn unread_here(scheme: Scheme, pair: &Difference, odd: fn(&str) -> bool) -> bool {
    let mut unread = texts(pair).filter(|text| scheme.parse(text).is_err());
    pair.answer.tool.is_some() && pair.ours.is_none() && unread.all(odd)
}

/// Whether only the tool takes one of the texts for no version, and one is as `odd` says.
fn unread_there(pair: &Difference, odd: fn(&str) -> bool) -> bool {
    pair.answer.tool.is_none() && pair.ours.is_some() && texts(pair).any(odd)
}

fn texts(pair: &Difference) -> impl Iterator<Item = &str> {
    [pair.answer.left.as_str(), pair.answer.right.as_str()].into_iter()
}

/// Whether a text is no `[epoch:]version[-release]` of rpm or pacman.
fn shapeless(text: &str) -> bool {
    let (epoch, version) = text.split_once(':').unwrap_or(("0", text));
    let number = !epoch.is_empty() && digits(epoch) == epoch.len();
    let hyphens = version.matches('-').count();
    !number
        || version.is_empty()
        || version.contains(':')
        || hyphens > 1
        || version.starts_with('-')
        || version.ends_with('-')
}

/// Whether a version of Alpine lacks what has to stand at its start or behind a sign.
fn empty_piece(text: &str) -> bool {
    let next = |at: usize| text.as_bytes().get(at).copied().unwrap_or_default();
    let lacks = |(at, sign): (usize, char)| match sign {
        '.' => !next(at + 1).is_ascii_digit(),
        '_' => !next(at + 1).is_ascii_lowercase(),
        '-' => next(at + 1) != b'r' || !next(at + 2).is_ascii_digit(),
        _ => false,
    };
    !next(0).is_ascii_digit() || text.char_indices().any(lacks)
}

/// Whether a number of the text has a zero before it.
fn zeros(text: &str) -> bool {
    let mut parts = text.split(|sign: char| !sign.is_ascii_alphanumeric());
    parts.any(|part| part.len() > 1 && part.starts_with('0') && digits(part) == part.len())
}

/// The items of a Conan version, with those of its pre-release and of its build.
fn conan_items(text: &str) -> Vec<&str> {
    let (text, build) = text.rsplit_once('+').unwrap_or((text, ""));
    let (items, prerelease) = text.split_once('-').unwrap_or((text, ""));
    let lists = [items, prerelease, build].into_iter();
    lists.flat_map(|list| list.split('.')).collect()
}

/// Whether an item begins like a number, with or without a sign, and is not digits alone.
fn mixed(item: &str) -> bool {
    item.starts_with(|sign: char| sign.is_ascii_digit() || "+-".contains(sign))
        && digits(item) < item.len()
}

/// The length of the longest number in a text.
fn digits(text: &str) -> usize {
    let numbers = text.split(|sign: char| !sign.is_ascii_digit());
    numbers.map(str::len).max().unwrap_or_default()
}
