//! Platforms: how they are written, which one is meant, and which of an index serves it.
//!
//! Names and rules are those of containerd's `platforms` package (`platforms.go`, `database.go`,
//! `compare.go`): `arm64` means `arm64/v8`, `arm` means `arm/v7`, `amd64` means `amd64/v1`, and a CPU that
//! can do more also runs what needs less (`arm/v7` runs `arm/v6`). Other than containerd, an `arm64` is never
//! served by a 32-bit image and an `amd64` never by a `386` one: who asks for a platform wants a verdict on it.

use plimsoll_model::image::Platform;

/// A text that is not a platform.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a platform: write `os/architecture` or `os/architecture/variant`, such as `linux/arm64`"
)]
pub struct ParsePlatformError(String);

/// Reads `linux/amd64`, `linux/arm/v7`, or an architecture alone, which then means Linux.
///
/// Other spellings of architectures, such as `x86_64` and `aarch64`, are understood.
pub fn parse(text: &str) -> Result<Platform, ParsePlatformError> {
    let error = || ParsePlatformError(text.chars().take(80).collect());
    let parts: Vec<&str> = text.split('/').collect();
    let is_word = |part: &&str| {
        !part.is_empty()
            && part.len() <= 32
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
    };
    if !parts.iter().all(is_word) {
        return Err(error());
    }
    let (os, architecture, variant) = match *parts.as_slice() {
        // A lone operating system says nothing about the machine code.
        [architecture] if is_architecture(architecture) => ("linux", architecture, None),
        [os, architecture] => (os, architecture, None),
        [os, architecture, variant] => (os, architecture, Some(variant)),
        _ => return Err(error()),
    };
    Ok(normal(&Platform {
        os: os.to_owned(),
        architecture: architecture.to_owned(),
        variant: variant.map(str::to_owned),
        os_version: None,
    }))
}

/// The platform that a container of this machine has: Linux on the architecture of the program.
#[must_use]
pub fn host() -> Platform {
    normal(&Platform {
        os: "linux".to_owned(),
        architecture: std::env::consts::ARCH.to_owned(),
        variant: None,
        os_version: None,
    })
}

fn is_architecture(name: &str) -> bool {
    const KNOWN: [&str; 12] = [
        "386", "amd64", "arm", "arm64", "loong64", "mips64le", "ppc64le", "riscv64", "s390x",
        "ppc64", "mips64", "wasm",
    ];
    let (name, _) = normal_architecture(&name.to_ascii_lowercase(), None);
    KNOWN.contains(&name.as_str())
}

/// One spelling for each platform: `linux/x86_64` becomes `linux/amd64`, `arm64/v8` becomes `arm64`.
#[must_use]
pub fn normal(platform: &Platform) -> Platform {
    let os = match platform.os.to_ascii_lowercase().as_str() {
        "macos" => "darwin".to_owned(),
        other => other.to_owned(),
    };
    let variant = platform
        .variant
        .as_deref()
        .map(str::to_ascii_lowercase)
        .filter(|variant| !variant.is_empty());
    let (architecture, variant) =
        normal_architecture(&platform.architecture.to_ascii_lowercase(), variant);
    Platform {
        os,
        architecture,
        variant,
        os_version: platform.os_version.clone(),
    }
}

/// `normalizeArch` of containerd.
fn normal_architecture(architecture: &str, variant: Option<String>) -> (String, Option<String>) {
    let with_v = |variant: Option<String>| {
        variant.map(|variant| match variant.parse::<u8>() {
            Ok(number) => format!("v{number}"),
            Err(_) => variant,
        })
    };
    let (architecture, variant) = match architecture {
        "i386" | "i486" | "i586" | "i686" | "x86" => ("386", None),
        "x86_64" | "x86-64" | "amd64" => ("amd64", with_v(variant).filter(|v| v != "v1")),
        "aarch64" | "arm64" => (
            "arm64",
            with_v(variant).filter(|v| v != "v8" && v != "v8.0"),
        ),
        "armhf" => ("arm", Some("v7".to_owned())),
        "armel" => ("arm", Some("v6".to_owned())),
        "arm" => (
            "arm",
            Some(with_v(variant).unwrap_or_else(|| "v7".to_owned())),
        ),
        "powerpc64le" => ("ppc64le", variant),
        "loongarch64" => ("loong64", variant),
        other => (other, variant),
    };
    (architecture.to_owned(), variant)
}

/// How well an image for `offered` serves who wants `wanted`: 0 is a perfect match, more is further away,
/// `None` is not at all.
#[must_use]
pub fn distance(wanted: &Platform, offered: &Platform) -> Option<u8> {
    let (wanted, offered) = (normal(wanted), normal(offered));
    if wanted.os != offered.os || wanted.architecture != offered.architecture {
        return None;
    }
    if let (Some(wanted), Some(offered)) = (&wanted.os_version, &offered.os_version)
        && wanted != offered
    {
        return None;
    }
    if wanted.variant == offered.variant {
        return Some(0);
    }
    let level = |platform: &Platform| match platform.variant.as_deref() {
        None => Some(if platform.architecture == "arm64" {
            (8, 0)
        } else {
            (1, 0)
        }),
        Some(variant) => level(variant),
    };
    let (want, offer) = (level(&wanted)?, level(&offered)?);
    if offer > want {
        return None;
    }
    let steps = want.0.checked_sub(offer.0)?.saturating_mul(16);
    Some(steps.saturating_add(want.1.abs_diff(offer.1)))
}

/// The number of a variant such as `v7` or `v8.2`.
fn level(variant: &str) -> Option<(u8, u8)> {
    let number = variant.strip_prefix('v')?;
    match number.split_once('.') {
        Some((major, minor)) => Some((major.parse().ok()?, minor.parse().ok()?)),
        None => Some((number.parse().ok()?, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(text: &str) -> Platform {
        parse(text).unwrap()
    }

    #[test]
    fn platforms_are_read_in_every_spelling() {
        for (text, normal) in [
            ("linux/amd64", "linux/amd64"),
            ("amd64", "linux/amd64"),
            ("x86_64", "linux/amd64"),
            ("linux/amd64/v1", "linux/amd64"),
            ("linux/amd64/v3", "linux/amd64/v3"),
            ("linux/arm64/v8", "linux/arm64"),
            ("linux/aarch64", "linux/arm64"),
            ("linux/arm", "linux/arm/v7"),
            ("linux/arm/6", "linux/arm/v6"),
            ("linux/armhf", "linux/arm/v7"),
            ("Windows/AMD64", "windows/amd64"),
        ] {
            assert_eq!(p(text).to_string(), normal, "{text}");
        }
        for text in ["", "linux", "linux/", "a/b/c/d", "linux/am d64", "/amd64"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_cpu_runs_what_needs_less_of_its_own_architecture() {
        for (wanted, offered, distance_is) in [
            ("linux/arm64", "linux/arm64/v8", Some(0)),
            ("linux/arm/v7", "linux/arm/v7", Some(0)),
            ("linux/arm/v7", "linux/arm/v6", Some(16)),
            ("linux/arm/v7", "linux/arm/v5", Some(32)),
            ("linux/arm/v6", "linux/arm/v7", None),
            ("linux/arm64", "linux/arm/v7", None),
            ("linux/amd64/v3", "linux/amd64", Some(32)),
            ("linux/amd64", "linux/amd64/v2", None),
            ("linux/arm64/v9", "linux/arm64", Some(16)),
            ("linux/arm64/v8.2", "linux/arm64", Some(2)),
            ("linux/amd64", "windows/amd64", None),
        ] {
            assert_eq!(
                distance(&p(wanted), &p(offered)),
                distance_is,
                "{wanted} {offered}"
            );
        }
    }

    #[test]
    fn versions_of_windows_must_agree_where_both_are_known() {
        let version = |version: &str| Platform {
            os_version: Some(version.to_owned()),
            ..p("windows/amd64")
        };
        assert_eq!(distance(&p("windows/amd64"), &version("10.0.1")), Some(0));
        assert_eq!(distance(&version("10.0.2"), &version("10.0.1")), None);
    }

    #[test]
    fn the_host_runs_linux_containers() {
        assert_eq!(host().os, "linux");
    }
}
