//! Histories as each builder writes them.

use plimsoll_model::Digest;
use plimsoll_model::image::RootFs;

use super::*;
use crate::parse;

fn config(entries: &[(&str, bool)]) -> ImageConfig {
    let history = entries
        .iter()
        .map(|(created_by, empty_layer)| HistoryEntry {
            created_by: (*created_by).to_owned(),
            empty_layer: *empty_layer,
            ..HistoryEntry::default()
        });
    let layers = entries.iter().filter(|(_, empty)| !empty).count();
    ImageConfig {
        history: history.collect(),
        rootfs: RootFs {
            kind: "layers".to_owned(),
            diff_ids: vec![Digest::of(b"x"); layers],
        },
        ..ImageConfig::default()
    }
}

/// The lines behind `FROM scratch`.
fn lines(steps: &[&str]) -> Vec<String> {
    let entries: Vec<(&str, bool)> = steps.iter().map(|step| (*step, false)).collect();
    let made = reconstruct(&config(&entries));
    let errors = parse(&made.text).errors;
    assert!(errors.is_empty(), "{errors:?}\n{}", made.text);
    made.text.lines().skip(2).map(str::to_owned).collect()
}

#[test]
fn the_old_builder_of_docker() {
    assert_eq!(
        lines(&[
            "/bin/sh -c #(nop) ADD file:0eae0dca665c7044bf242cb1fc92cb8ea744f5af2dd376a558c90bc47349aefe in / ",
            "/bin/sh -c #(nop)  CMD [\"bash\"]",
            "/bin/sh -c #(nop)  LABEL maintainer=NGINX Docker Maintainers <docker-maint@nginx.com>",
            "/bin/sh -c #(nop)  ENV NGINX_VERSION=1.19.6 PKG_RELEASE=1~buster",
            "/bin/sh -c set -x     && apt-get update     && rm -rf /var/lib/apt/lists/*",
            "/bin/sh -c #(nop) COPY file:65504f71f5855ca017fb64d502ce873a31b2e0decd75297a8fb0a287f97acf92 in /docker-entrypoint.sh ",
            "/bin/sh -c #(nop)  ENTRYPOINT [\"/docker-entrypoint.sh\"]",
            "/bin/sh -c #(nop)  EXPOSE 80",
            "/bin/sh -c #(nop)  VOLUME [/var/lib/x /var/log/x]",
            "/bin/sh -c #(nop)  HEALTHCHECK &{[\"CMD-SHELL\" \"curl -f localhost || exit 1\"] \"30s\" \"3s\" \"0s\" '\\x03'}",
            "/bin/sh -c #(nop)  CMD [\"nginx\" \"-g\" \"daemon off;\"]",
            "|2 A=b c SECRET=x y /bin/sh -c make",
            "/bin/sh -c #(nop)  CMD [\"/bin/sh\" \"-c\" \"npm start\"]",
        ]),
        [
            "ADD rootfs.tar /",
            "CMD [\"bash\"]",
            "LABEL maintainer=\"NGINX Docker Maintainers <docker-maint@nginx.com>\"",
            "ENV NGINX_VERSION=1.19.6 PKG_RELEASE=1~buster",
            "RUN set -x     && apt-get update     && rm -rf /var/lib/apt/lists/*",
            "COPY file:65504f71f585 /docker-entrypoint.sh",
            "ENTRYPOINT [\"/docker-entrypoint.sh\"]",
            "EXPOSE 80",
            "VOLUME /var/lib/x /var/log/x",
            "HEALTHCHECK --interval=30s --timeout=3s --retries=3 CMD curl -f localhost || exit 1",
            "CMD [\"nginx\", \"-g\", \"daemon off;\"]",
            "RUN make",
            "CMD npm start",
        ]
    );
}

#[test]
fn build_kit() {
    assert_eq!(
        lines(&[
            "ADD alpine-minirootfs-3.20.3-x86_64.tar.gz / # buildkit",
            "CMD [\"/bin/sh\"]",
            "ENV PATH=/usr/local/bin:/usr/bin NOTE=a \"b\" $c",
            "ARG TOKEN",
            "RUN |1 TOKEN=s3cret /bin/sh -c apk add --no-cache curl # buildkit",
            "SHELL [/bin/bash -o pipefail -c]",
            "RUN /bin/bash -o pipefail -c curl -fsSL https://x | tar xz # buildkit",
            "WORKDIR /app",
            "COPY --chown=1000:1000 package.json src /app/ # buildkit",
            "COPY <<EOF /etc/x.conf # buildkit",
            "ADD https://example.org/x.tgz /tmp/ # buildkit",
            "EXPOSE map[443/tcp:{} 80/tcp:{}]",
            "EXPOSE [8080/tcp]",
            "VOLUME [/data]",
            "USER 1000",
            "HEALTHCHECK &{[\"CMD\" \"/app\" \"check\"] \"1m0s\" \"0s\" \"5s\" \"0s\" '\\x00'}",
            "HEALTHCHECK &{[\"NONE\"] \"0s\" \"0s\" \"0s\" \"0s\" '\\x00'}",
            "CMD [\"node\" \"a \\\"b\\\".js\"]",
        ]),
        [
            "ADD alpine-minirootfs-3.20.3-x86_64.tar.gz /",
            "CMD [\"/bin/sh\"]",
            "ENV PATH=/usr/local/bin:/usr/bin NOTE=\"a \\\"b\\\" \\$c\"",
            "ARG TOKEN",
            "RUN apk add --no-cache curl",
            "SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]",
            "RUN curl -fsSL https://x | tar xz",
            "WORKDIR /app",
            "COPY --chown=1000:1000 package.json src /app/",
            "COPY EOF /etc/x.conf",
            "ADD https://example.org/x.tgz /tmp/",
            "EXPOSE 443/tcp 80/tcp",
            "EXPOSE 8080/tcp",
            "VOLUME /data",
            "USER 1000",
            "HEALTHCHECK --interval=1m0s --start-period=5s CMD [\"/app\", \"check\"]",
            "HEALTHCHECK NONE",
            "CMD [\"node\", \"a \\\"b\\\".js\"]",
        ]
    );
}

#[test]
fn heredocs_and_scripts_of_several_lines() {
    assert_eq!(
        lines(&[
            "RUN /bin/sh -c apt-get update\napt-get install -y curl\n # buildkit",
            "RUN /bin/sh -c python3 <<EOF\nprint(1)\nEOF # buildkit",
            "RUN /bin/sh -c echo SCRIPT\nSCRIPT\n # buildkit",
            "RUN /bin/sh -c cat <<< x # buildkit",
            "RUN /bin/sh -c echo \\ # buildkit",
        ]),
        [
            "RUN <<\"SCRIPT\"",
            "apt-get update",
            "apt-get install -y curl",
            "SCRIPT",
            "RUN <<\"SCRIPT\"",
            "python3 <<EOF",
            "print(1)",
            "EOF",
            "SCRIPT",
            "RUN <<\"SCRIPT_\"",
            "echo SCRIPT",
            "SCRIPT",
            "SCRIPT_",
            "RUN <<\"SCRIPT\"",
            "cat <<< x",
            "SCRIPT",
            "RUN <<\"SCRIPT\"",
            "echo \\",
            "SCRIPT",
        ]
    );
}

/// kaniko, jib, Bazel, Nix, debuerreotype, buildpacks, and nothing at all.
#[test]
fn other_builders() {
    assert_eq!(
        lines(&[
            "RUN apt-get update && apt-get install -y curl",
            "COPY . /app",
            "ENV A=\"b c\" D=e",
            "jib-maven-plugin:3.4.0",
            "bazel build ...",
            "# debian.sh --arch 'amd64' out/ 'bookworm' '@1718668800'",
            "",
            "missing",
            "hadolint ignore=DL3004",
            "/bin/sh",
            "escape=`",
        ]),
        [
            "RUN apt-get update && apt-get install -y curl",
            "COPY . /app",
            "ENV A=\"b c\" D=e",
            "# step 4: jib-maven-plugin:3.4.0",
            "# step 5: bazel build ...",
            "# step 6: # debian.sh --arch 'amd64' out/ 'bookworm' '@1718668800'",
            "# step 7: the builder left no command",
            "# step 8: the builder left no command",
            "# step 9: hadolint ignore=DL3004",
            "# step 10: /bin/sh",
            "# step 11: escape=",
        ]
    );
}

/// Steps, their comments, and whether they made no layer, as Podman 4.3.1 wrote them on a base of Docker's old builder.
const OF_PODMAN: [(&str, Option<&str>, bool); 11] = [
    (
        "/bin/sh -c #(nop) ADD file:2373b71a60abe2a6e6abff3a8a31abc6 in / ",
        None,
        false,
    ),
    ("/bin/sh -c #(nop)  CMD [\"/bin/sh\"]", None, true),
    (
        "/bin/sh -c #(nop) ARG DB_PASSWORD",
        Some("FROM localhost/base:3.20"),
        true,
    ),
    (
        "/bin/sh -c #(nop) ENV DB_PASSWORD=x API_TOKEN=\"abc def 1\"",
        Some("FROM 4e56117e86e2"),
        true,
    ),
    (
        "/bin/sh -c #(nop) LABEL maintainer=\"A B <a@example.org>\" org.example.title=\"x y\"",
        Some("FROM c138242c550b"),
        true,
    ),
    (
        "|1 DB_PASSWORD=abcDEF123x /bin/sh -c apk update || true",
        Some("FROM 70c089f4fd40"),
        false,
    ),
    (
        "/bin/sh -c #(nop) COPY multi:dffbca7d6bf55a2a5d5b53 in /app/ ",
        Some("FROM 2a6e9ff8b70f"),
        false,
    ),
    (
        "/bin/sh -c #(nop) EXPOSE 22 3389",
        Some("FROM 4ce0114ea83a"),
        true,
    ),
    (
        "/bin/sh -c #(nop) VOLUME /etc /data",
        Some("FROM 99ae14a92cb5"),
        true,
    ),
    (
        "/bin/sh -c #(nop) HEALTHCHECK --interval=30s CMD curl -f localhost || exit 1",
        Some("FROM 37dc467ff957"),
        true,
    ),
    (
        "/bin/sh -c #(nop) CMD npm start",
        Some("FROM df3ba9d273f9"),
        true,
    ),
];

#[test]
fn buildah_notes_the_base() {
    let entries: Vec<(&str, bool)> = OF_PODMAN
        .iter()
        .map(|(step, _, empty)| (*step, *empty))
        .collect();
    let mut config = config(&entries);
    for (entry, (_, comment, _)) in config.history.iter_mut().zip(OF_PODMAN) {
        entry.comment = comment.map(str::to_owned);
    }
    let made = reconstruct(&config);
    assert_eq!(
        made.text,
        "# FROM localhost/base:3.20
FROM scratch
ADD rootfs.tar /
CMD [\"/bin/sh\"]
ARG DB_PASSWORD
ENV DB_PASSWORD=x API_TOKEN=\"abc def 1\"
LABEL maintainer=\"A B <a@example.org>\" org.example.title=\"x y\"
RUN apk update || true
COPY multi:dffbca7d6bf5 /app/
EXPOSE 22 3389
VOLUME /etc /data
HEALTHCHECK --interval=30s CMD curl -f localhost || exit 1
CMD npm start
"
    );
    assert_eq!(made.base.as_deref(), Some("localhost/base:3.20"));
    let own = made.steps.iter().filter(|step| step.of == Origin::Own);
    assert_eq!(own.map(|step| step.entry).min(), Some(2));
    let layers: Vec<usize> = made.steps.iter().filter_map(|step| step.layer).collect();
    assert_eq!(layers, [0, 1, 2]);
    let run = made.step(8).unwrap();
    assert_eq!((run.entry, run.layer), (5, Some(1)));
    assert_eq!(run.arguments, ["DB_PASSWORD=abcDEF123x"]);
    assert_eq!(made.step(1), None);
    assert_eq!(made.step(99), None);
    // Another builder went on from there, and nobody knows what its base was.
    config.history.push(HistoryEntry {
        created_by: "COPY app / # buildkit".to_owned(),
        comment: Some("buildkit.dockerfile.v0".to_owned()),
        ..HistoryEntry::default()
    });
    assert_eq!(reconstruct(&config).base, None);
}

#[test]
fn a_command_before_files_ends_the_base() {
    let of = |steps: &[&str]| {
        let entries: Vec<(&str, bool)> = steps.iter().map(|step| (*step, false)).collect();
        let made = reconstruct(&config(&entries));
        made.steps
            .iter()
            .filter(|step| step.of == Origin::Base)
            .count()
    };
    let base = ["# debian.sh", "CMD [\"bash\"]"];
    let own = ["RUN /bin/sh -c make # buildkit", "USER 1", "CMD [\"/app\"]"];
    assert_eq!(of(&[base.as_slice(), &own].concat()), 2);
    assert_eq!(of(&own), 0);
    assert_eq!(of(&base), 0);
    assert_eq!(of(&[]), 0);
}

#[test]
fn windows_has_its_own_shell_and_escape() {
    let mut config = config(&[
        ("Apply image 1809-amd64", false),
        (
            "cmd /S /C #(nop)  SHELL [powershell -Command $ErrorActionPreference = 'Stop';]",
            true,
        ),
        (
            "powershell -Command $ErrorActionPreference = 'Stop'; Invoke-WebRequest https://x",
            false,
        ),
        ("cmd /S /C copy a C:\\x\\", false),
        ("cmd /S /C #(nop)  ENV P=C:\\Program Files\\x", true),
    ]);
    config.os = "windows".to_owned();
    let made = reconstruct(&config);
    let file = parse(&made.text);
    assert_eq!(file.errors, []);
    assert_eq!(file.escape, '`');
    assert!(made.text.contains("RUN copy a C:\\x\\\n"), "{}", made.text);
    assert!(
        made.text.contains("ENV P=\"C:\\Program Files\\x\"\n"),
        "{}",
        made.text
    );
}

#[test]
fn history_that_does_not_fit_the_layers_names_none() {
    let mut config = config(&[("RUN a", false), ("RUN b", false)]);
    config.rootfs.diff_ids.pop();
    let made = reconstruct(&config);
    assert!(made.steps.iter().all(|step| step.layer.is_none()));
}

/// Whatever stands there, the text parses and each step has its lines.
#[test]
fn hostile_histories_parse() {
    let odd = [
        "\\",
        "RUN \\",
        "RUN /bin/sh -c \\\n\\",
        "|99999999999999999999 A=b /bin/sh -c x",
        "|1 /bin/sh -c",
        "|",
        "| ",
        "RUN |2 A",
        "ENV",
        "ENV =",
        "ENV =x",
        "ENV A=\"",
        "ENV A=\\",
        "LABEL \u{0}=\u{1}",
        "CMD [",
        "CMD [\"",
        "CMD [\"\\u12",
        "HEALTHCHECK &{",
        "HEALTHCHECK &{[",
        "HEALTHCHECK &{[\"CMD\"",
        "EXPOSE map[",
        "EXPOSE []",
        "VOLUME []",
        "SHELL []",
        "SHELL x",
        "ONBUILD",
        "ONBUILD RUN x <<EOF",
        "ONBUILD ONBUILD RUN x",
        "COPY",
        "COPY x",
        "COPY <<EOF",
        "COPY <<\"A\" <<B /x",
        "ADD in / ",
        "FROM x",
        "RUN <<EOF",
        "RUN [\"a\"",
        "RUN --mount=type=bind x",
        "USER\tx\\",
        "\u{feff}RUN x",
        "# escape=`",
        "syntax=x",
        "RUN /bin/sh -c a\r\nb",
        "ARG A=b C=d",
        "ARG 1",
        "HEALTHCHECK --interval=1s",
        "WORKDIR",
        "STOPSIGNAL \\",
        "MAINTAINER a\\",
    ];
    for step in odd {
        let made = reconstruct(&config(&[
            (step, false),
            ("RUN /bin/sh -c make # buildkit", false),
        ]));
        let file = parse(&made.text);
        let text = &made.text;
        assert!(text.ends_with("\nRUN make\n"), "{step:?}: {text}");
        let last = file.instructions.last().map(Instruction::name);
        assert_eq!(last.as_deref(), Some("RUN"), "{step:?}: {text}");
        assert_eq!(made.steps.len(), 2);
        let line = u32::try_from(text.lines().count()).unwrap();
        assert_eq!(
            made.step(line).map(|step| step.entry),
            Some(1),
            "{step:?}: {text}"
        );
    }
    let long = format!("ENV {}", "A=b c ".repeat(20_000));
    let many: Vec<(&str, bool)> = std::iter::repeat_n((long.as_str(), true), 5).collect();
    let made = reconstruct(&config(&many));
    assert!(made.text.len() < 24 << 20);
    assert!(made.omitted > 0 || made.steps.len() == 5);
}

use crate::ast::Instruction;
