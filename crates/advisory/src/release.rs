//! Which release a vendor's own name of a product means.
//!
//! Vendors name products — repositories, service packs, modules — where advisories need the release whose
//! packages they are. Names that mean one and the same set of packages become one text here, so that feeds in
//! different formats meet under one key.

/// The release as keys write it; `None` where the vendor's text already is that.
pub(crate) fn normal(base: &str, text: &str) -> Option<String> {
    match base {
        "Red Hat" => red_hat(text),
        "SUSE" => suse(text),
        "Azure Linux" | "Photon OS" => text.split('.').next().map(str::to_owned),
        _ => None,
    }
}

/// Red Hat's products by the part of their CPE after the vendor, as OSV writes them too:
///
/// - `enterprise_linux:9::appstream` and other repositories of a major release: `9`. So are the add-ons that go on
///   with the packages of a release after its end (`rhel_els:7`) and its extras (`rhel_extras:7`);
/// - streams that stay at a minor release, `rhel_eus:9.4::baseos`, with `e4s`, `aus` and `tus`: `9.4`. They are
///   one branch of sources with several lengths of support;
/// - all else, such as `openshift:4.12::el8`, has packages of its own and stays as it is.
fn red_hat(text: &str) -> Option<String> {
    let (product, rest) = text.split_once(':')?;
    let version = rest.split(':').next()?;
    let major = version.split('.').next()?;
    match product {
        "enterprise_linux" | "rhel_els" | "rhel_extras" | "rhel_extras_rt" if !major.is_empty() => {
            Some(major.to_owned())
        }
        "rhel_eus"
        | "rhel_eus_long_life"
        | "rhel_e4s"
        | "rhel_aus"
        | "rhel_tus"
        | "rhel_mission_critical"
            if !version.is_empty() =>
        {
            Some(version.to_owned())
        }
        _ => None,
    }
}

/// SUSE's products of one release are modules and editions of it: `Linux Enterprise Server 15 SP3`, `Linux
/// Enterprise Module for Basesystem 15 SP3` and `Linux Enterprise Server 15 SP3-LTSS` are `15.3`, and without a
/// service pack `15`. Micro counts on its own: `Linux Enterprise Micro 5.3` and, later, `Linux Micro 6.0`.
fn suse(text: &str) -> Option<String> {
    let text = text.strip_prefix("SUSE ").unwrap_or(text);
    let rest = text
        .strip_prefix("Linux Enterprise ")
        .or_else(|| text.starts_with("Linux Micro").then_some(text))
        .or_else(|| text.strip_prefix("Linux "))?;
    let words: Vec<&str> = rest.split([' ', '-']).collect();
    let number = |word: &&&str| word.starts_with(|c: char| c.is_ascii_digit());
    let place = words.iter().position(|word| number(&word))?;
    let version = *words.get(place)?;
    if words.contains(&"Micro") && version.contains('.') {
        return Some(format!("Micro {version}"));
    }
    let pack = words
        .get(place.saturating_add(1))
        .and_then(|word| word.strip_prefix("SP"))
        .filter(|pack| !pack.is_empty() && pack.bytes().all(|byte| byte.is_ascii_digit()));
    Some(match pack {
        Some(pack) if !version.contains('.') => format!("{version}.{pack}"),
        _ => version.to_owned(),
    })
}

/// The key's release for an `os-release(5)` of SUSE: `15.3` as it is, `Micro 5.3` for Micro.
pub(crate) fn suse_release(id: &str, version: &str) -> Option<String> {
    if version.is_empty() || version.len() > 16 {
        return None;
    }
    Some(match id {
        "sle-micro" | "sl-micro" | "sle-micro-rancher" | "suse-microos" => {
            format!("Micro {version}")
        }
        _ => version.strip_suffix(".0").unwrap_or(version).to_owned(),
    })
}

/// What the release of one of Red Hat's packages says of its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    /// `.el9`, or nothing that tells.
    Release,
    /// `.el9_4` and `.module+el9.4.0+…`: `9.4`.
    Branch(String),
    /// `.rhaos4.12.el8`: `4.12`.
    OpenShift(String),
    /// `.el8sat`, `.el7jbcs` and the like.
    Product(String),
}

impl Mark {
    pub(crate) fn of(version: &str) -> Self {
        let release = version.rsplit('-').next().unwrap_or_default();
        if let Some((_, rest)) = release.split_once(".rhaos") {
            let version: Vec<&str> = rest.split('.').take(2).collect();
            return Self::OpenShift(version.join("."));
        }
        let places = release.match_indices("el").map(|(place, _)| place);
        for place in places {
            let before = release.get(..place).unwrap_or_default();
            let rest = release.get(place.saturating_add(2)..).unwrap_or_default();
            let digits = rest
                .len()
                .saturating_sub(rest.trim_start_matches(|c: char| c.is_ascii_digit()).len());
            let (major, after) = rest.split_at_checked(digits).unwrap_or_default();
            if major.is_empty() || !(before.is_empty() || before.ends_with(['.', '+', '_'])) {
                continue;
            }
            // AlmaLinux writes `module_el8.6.0+…`.
            let modular = before.ends_with("module+") || before.ends_with("module_");
            let next = after.strip_prefix(if modular { '.' } else { '_' });
            let minor: String = next
                .unwrap_or_default()
                .chars()
                .take_while(char::is_ascii_digit)
                .collect();
            if !minor.is_empty() {
                return Self::Branch(format!("{major}.{minor}"));
            }
            if after.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let name: String = after
                    .chars()
                    .take_while(char::is_ascii_alphanumeric)
                    .collect();
                return Self::Product(format!("el{major}{name}"));
            }
            return Self::Release;
        }
        Self::Release
    }
}

/// The branch of a version, `9.2`.
pub(crate) fn branch(version: &str) -> Option<String> {
    match Mark::of(version) {
        Mark::Branch(branch) => Some(branch),
        _ => None,
    }
}

/// Where the branch of a version ends: no version of it is above, and every version of a later branch with the same
/// number is. `1-23.el9_2.4` → `1-23.el9_3`. `None` where the version bears no branch.
pub(crate) fn branch_end(version: &str) -> Option<String> {
    let branch = branch(version)?;
    let (major, minor) = branch.split_once('.')?;
    let next = minor.parse::<u32>().ok()?.checked_add(1)?;
    ['_', '.'].iter().find_map(|sign| {
        let mark = format!("el{major}{sign}{minor}");
        let place = version.rfind(&mark)?;
        Some(format!("{}el{major}{sign}{next}", version.get(..place)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_end() {
        for (version, end) in [
            ("7.76.1-23.el9_2.4", Some("7.76.1-23.el9_3")),
            (
                "12.20-1.module+el8.6.0+22262+7cfee20c",
                Some("12.20-1.module+el8.7"),
            ),
            ("1:3.0.7-27.el9", None),
        ] {
            assert_eq!(branch_end(version).as_deref(), end, "{version}");
        }
    }

    #[test]
    fn marks_tell_the_branch() {
        for (version, mark) in [
            ("7.76.1-23.el9_2.4", Mark::Branch("9.2".to_owned())),
            ("1:3.0.7-27.el9", Mark::Release),
            (
                "1:12.22.12-1.module+el8.6.0+22262+7cfee20c",
                Mark::Branch("8.6".to_owned()),
            ),
            (
                "1:12.22.12-1.module_el8.6.0+3250+1c9b2b1e",
                Mark::Branch("8.6".to_owned()),
            ),
            ("4.3.11-1.el8sat", Mark::Product("el8sat".to_owned())),
            ("4.12.0-1.rhaos4.12.el8", Mark::OpenShift("4.12".to_owned())),
            ("1.0-1.el7_9", Mark::Branch("7.9".to_owned())),
            ("1.0-1", Mark::Release),
            ("1.0-3.model8", Mark::Release),
            ("", Mark::Release),
        ] {
            assert_eq!(Mark::of(version), mark, "{version}");
        }
    }

    #[test]
    fn products_of_one_release_meet() {
        for (base, text, expected) in [
            ("Red Hat", "enterprise_linux:9::appstream", "9"),
            ("Red Hat", "enterprise_linux:10.1", "10"),
            ("Red Hat", "rhel_eus:9.4::baseos", "9.4"),
            ("Red Hat", "rhel_e4s:8.6::appstream", "8.6"),
            ("Red Hat", "rhel_els:7", "7"),
            ("SUSE", "Linux Enterprise Server 15 SP3", "15.3"),
            (
                "SUSE",
                "SUSE Linux Enterprise Module for Basesystem 15 SP3",
                "15.3",
            ),
            ("SUSE", "SUSE Linux Enterprise Server 15 SP1-LTSS", "15.1"),
            ("SUSE", "SUSE Linux Enterprise Server 15-LTSS", "15"),
            ("SUSE", "SUSE Linux Enterprise Desktop 15", "15"),
            (
                "SUSE",
                "SUSE Linux Enterprise Server for SAP Applications 12 SP5",
                "12.5",
            ),
            ("SUSE", "SUSE Linux Enterprise Micro 5.3", "Micro 5.3"),
            ("SUSE", "SUSE Linux Micro 6.0", "Micro 6.0"),
            ("SUSE", "SUSE Linux Enterprise Server 16.0", "16.0"),
            ("Photon OS", "3.0", "3"),
        ] {
            assert_eq!(normal(base, text).as_deref(), Some(expected), "{text}");
        }
        for (base, text) in [
            ("Red Hat", "openshift:4.12::el8"),
            ("Red Hat", "9"),
            ("SUSE", "15.3"),
            ("SUSE", "SUSE Manager Server 4.3"),
            ("Debian", "11"),
        ] {
            assert_eq!(normal(base, text), None, "{text}");
        }
        assert_eq!(suse_release("sles", "15.3").as_deref(), Some("15.3"));
        assert_eq!(
            suse_release("sle-micro", "5.3").as_deref(),
            Some("Micro 5.3")
        );
    }
}
