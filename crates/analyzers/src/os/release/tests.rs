use super::files::{PATHS, parse, row};
use super::*;

#[test]
fn every_path_has_a_row_and_the_list_is_sorted() {
    assert!(PATHS.is_sorted());
    for path in PATHS {
        assert!(row(path).is_some(), "{path}");
    }
}

#[test]
fn values_are_unquoted_as_a_shell_does_it() {
    for (raw, value) in [
        ("debian", Some("debian")),
        ("\"Debian GNU/Linux 12\"", Some("Debian GNU/Linux 12")),
        ("'single $HOME \\n'", Some("single $HOME \\n")),
        (r#""a \"b\" \$c \\ \` \d""#, Some(r#"a "b" $c \ ` \d"#)),
        (r"a\ b", Some("a b")),
        ("\"\"", Some("")),
        ("", Some("")),
        ("12 # a comment", Some("12")),
        ("\"12\"  ", Some("12")),
        ("\"open", None),
        ("'open", None),
        ("\"a\"b", None),
        ("'a''b'", None),
        ("two words", None),
        ("$ID", None),
        ("a`id`", None),
        ("\"ends with a backslash\\", None),
        ("\\", None),
    ] {
        assert_eq!(unquote(raw).as_deref(), value, "{raw}");
    }
}

#[test]
fn the_last_assignment_counts_and_odd_lines_are_numbered() {
    let (variables, odd) = parse_variables("# c\nID=a\n\n  ID=b\nexport X=1\nBAD LINE\n");
    assert_eq!(variables["ID"], "b");
    assert_eq!(variables.len(), 1);
    assert_eq!(odd, Some(5));
}

/// A sentence, and the id, version and codename in it.
type Sentence = (
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
);

static SENTENCES: &[Sentence] = &[
    (
        "CentOS Linux release 7.9.2009 (Core)",
        "centos",
        "7.9.2009",
        Some("Core"),
    ),
    ("CentOS Stream release 9", "centos", "9", None),
    (
        "CentOS release 6.10 (Final)",
        "centos",
        "6.10",
        Some("Final"),
    ),
    (
        "Red Hat Enterprise Linux release 8.9 (Ootpa)",
        "rhel",
        "8.9",
        Some("Ootpa"),
    ),
    (
        "Red Hat Enterprise Linux Server release 7.9 (Maipo)",
        "rhel",
        "7.9",
        Some("Maipo"),
    ),
    (
        "Red Hat Enterprise Linux CoreOS release 4.14",
        "rhcos",
        "4.14",
        None,
    ),
    (
        "Rocky Linux release 9.3 (Blue Onyx)",
        "rocky",
        "9.3",
        Some("Blue Onyx"),
    ),
    (
        "AlmaLinux release 9.3 (Shamrock Pampas Cat)",
        "almalinux",
        "9.3",
        Some("Shamrock Pampas Cat"),
    ),
    ("Oracle Linux Server release 8.9", "ol", "8.9", None),
    (
        "Enterprise Linux Enterprise Linux Server release 5.5 (Carthage)",
        "ol",
        "5.5",
        Some("Carthage"),
    ),
    (
        "Fedora release 39 (Thirty Nine)",
        "fedora",
        "39",
        Some("Thirty Nine"),
    ),
    ("Amazon Linux release 2 (Karoo)", "amzn", "2", None),
    (
        "Amazon Linux release 2023.3.20240304 (Amazon Linux)",
        "amzn",
        "2023.3.20240304",
        None,
    ),
    ("Amazon Linux AMI release 2018.03", "amzn", "2018.03", None),
    ("CBL-Mariner 2.0.20240123", "mariner", "2.0.20240123", None),
    ("VMware Photon OS 4.0", "photon", "4.0", None),
    (
        "SUSE Linux Enterprise Server 11 (x86_64)",
        "sles",
        "11",
        None,
    ),
    ("Gentoo Base System release 2.14", "gentoo", "2.14", None),
];

#[test]
fn sentences_of_real_releases() {
    for &(line, id, version, codename) in SENTENCES {
        let release = parse(Form::Sentence, line).unwrap();
        assert_eq!(release.id, id, "{line}");
        assert_eq!(release.version, version, "{line}");
        assert_eq!(release.codename.as_deref(), codename, "{line}");
        assert_eq!(release.pretty.as_deref(), Some(line));
    }
    assert_eq!(parse(Form::Sentence, "Some Thing release 1"), None);
    assert_eq!(parse(Form::Sentence, "\n\n"), None);
}

#[test]
fn short_forms() {
    let cases = [
        (Form::DebianVersion, "12.5\n", "debian", "12.5", None),
        (
            Form::DebianVersion,
            "bookworm/sid\n",
            "debian",
            "",
            Some("bookworm"),
        ),
        (Form::AlpineVersion, "3.18.9\n", "alpine", "3.18.9", None),
        (
            Form::AlpineVersion,
            "3.21.0_alpha20240923\n",
            "alpine",
            "3.21.0_alpha20240923",
            None,
        ),
        (
            Form::Cpe,
            "cpe:2.3:o:amazon:amazon_linux:2\n",
            "amzn",
            "2",
            None,
        ),
        (
            Form::Cpe,
            "cpe:/o:redhat:enterprise_linux:8::baseos\n",
            "rhel",
            "8",
            None,
        ),
        (Form::Cpe, "cpe:/o:centos:centos:8\n", "centos", "8", None),
        (Form::Arch, "\n", "arch", "", None),
        (
            Form::ApkRepositories,
            "# a comment /alpine/v3.1/\n/media/usb\nhttps://mirror.test/alpine/v3.18/main\n",
            "alpine",
            "3.18",
            None,
        ),
        (
            Form::ApkRepositories,
            "http://mirror.test/alpine/edge/main\n",
            "alpine",
            "",
            Some("edge"),
        ),
    ];
    for (form, text, id, version, codename) in cases {
        let release = parse(form, text).unwrap();
        assert_eq!(
            (release.id.as_str(), release.version.as_str()),
            (id, version),
            "{text}"
        );
        assert_eq!(release.codename.as_deref(), codename, "{text}");
    }
    for (form, text) in [
        (Form::DebianVersion, "not a version\n"),
        (Form::AlpineVersion, ""),
        (Form::Cpe, "cpe:/a:apache:httpd:2.4\n"),
        (Form::Arch, "Manjaro\n"),
        (Form::ApkRepositories, "https://packages.wolfi.dev/os\n"),
    ] {
        assert_eq!(parse(form, text), None, "{text}");
    }
}

#[test]
fn busybox_shows_its_version() {
    let of = |bytes: &[u8]| super::files::busybox(bytes).map(|release| release.version);
    assert_eq!(
        of(b"\0BusyBox v1.36.1 (2023-11-07) multi-call binary.\n\0").as_deref(),
        Some("1.36.1")
    );
    for odd in [
        &b"BusyBox v"[..],
        b"BusyBox v1",
        b"BusyBox v%s (%s)",
        b"",
        b"BusyBox v1.3",
    ] {
        assert_eq!(of(odd), None);
    }
}
