use super::*;

#[test]
fn only_packages_whose_files_are_there_count() {
    for (status, presence_expected) in [
        ("install ok installed", Presence::Here),
        ("hold ok installed", Presence::Here),
        ("deinstall ok installed", Presence::Here),
        ("install ok unpacked", Presence::Here),
        ("install ok half-configured", Presence::Here),
        ("install ok triggers-pending", Presence::Here),
        ("deinstall ok config-files", Presence::Gone),
        ("purge ok not-installed", Presence::Gone),
        ("install reinstreq half-installed", Presence::Partly),
        ("install ok", Presence::Unsaid),
        ("", Presence::Unsaid),
    ] {
        assert_eq!(
            presence(status, Kind::Status),
            presence_expected,
            "{status}"
        );
    }
    assert_eq!(presence("", Kind::StatusPart), Presence::Here);
}

#[test]
fn the_source_is_the_package_itself_where_nothing_else_is_said() {
    for (field, name, version) in [
        ("", "libc-bin", "2.36-9+b1"),
        ("glibc", "glibc", "2.36-9+b1"),
        ("glibc (2.36-9)", "glibc", "2.36-9"),
        ("glibc(2.36-9)", "glibc", "2.36-9"),
        ("glibc (", "glibc", "2.36-9+b1"),
    ] {
        let stanza = Stanza {
            package: "libc-bin".into(),
            version: "2.36-9+b1".into(),
            source: field.into(),
            ..Stanza::default()
        };
        let source = source(&stanza);
        assert_eq!(
            (source.name.as_str(), source.version.as_str()),
            (name, version),
            "{field}"
        );
    }
}

#[test]
fn dependencies_are_names() {
    let fields = [
        "dpkg (>= 1.15)".to_owned(),
        "libc6 (>= 2.14), debconf (>= 0.5) | debconf-2.0,\n python3:any, x [amd64] <!nocheck>, "
            .to_owned(),
    ];
    assert_eq!(
        parse_depends(&fields),
        ["debconf", "debconf-2.0", "dpkg", "libc6", "python3", "x"]
    );
}
