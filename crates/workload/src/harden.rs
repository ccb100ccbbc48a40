//! Writes how a container is run with no more rights than it needs: for `docker run`, Compose and Kubernetes.

use std::fmt::Write as _;

use crate::manifest::{Container, Manifest, World};
use crate::ports;
use crate::rules::privileges::bare;

/// What is known of a container. Everything but the image may be left at its default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needs {
    /// Its name; `app` where there is none.
    pub name: String,
    /// The image that it runs.
    pub image: String,
    /// Its user, as `uid`, `uid:gid` or a name; root and nothing become 10001:10001.
    pub user: Option<String>,
    /// The ports that it listens on, each with the port of the host that leads there.
    pub ports: Vec<(u16, Option<u16>)>,
    /// Capabilities that it cannot do without.
    pub capabilities: Vec<String>,
    /// Directories that it writes to and that may be lost; `/tmp` is always one.
    pub scratch: Vec<String>,
    /// The command that says whether it is well.
    pub health: Vec<String>,
}

/// The same container in three worlds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hardened {
    /// Commands for a shell.
    pub docker_run: String,
    /// A Compose file.
    pub compose: String,
    /// A Deployment.
    pub kubernetes: String,
}

/// The user of a container that names none: no account of any usual host has it.
const USER: (u64, u64) = (10_001, 10_001);

/// Writes the hardened block for a container. Limits are a beginning: 512 MiB, one CPU, 200 processes.
#[must_use]
pub fn harden(needs: &Needs) -> Hardened {
    let plan = Plan::of(needs);
    Hardened {
        docker_run: plan.docker_run(),
        compose: plan.compose(),
        kubernetes: plan.kubernetes(),
    }
}

/// What a manifest tells of a container's needs.
#[must_use]
pub fn needs(manifest: &Manifest<'_>, container: &Container) -> Needs {
    let text = |path: &[&str]| {
        let setting = manifest.setting(container, path)?;
        let text = manifest.known(container.world, setting.value)?;
        Some(text.into_owned())
    };
    let (user, added, health): (_, &[&str], &[&str]) = match container.world {
        World::Compose => (text(&["user"]), &["cap_add"], &["healthcheck", "test"]),
        World::Kubernetes => {
            let number = |field: &str| {
                let setting = manifest.security(container, &[field])?;
                let text = manifest.tree.scalar(setting.value)?;
                Some(text.to_owned())
            };
            let user = match (number("runAsUser"), number("runAsGroup")) {
                (Some(user), Some(group)) => Some(format!("{user}:{group}")),
                (user, _) => user,
            };
            let health = &["livenessProbe", "exec", "command"];
            (user, &["securityContext", "capabilities", "add"], health)
        }
    };
    let words = |path: &[&str]| -> Vec<String> {
        let items = manifest.list(container, path).into_iter();
        items
            .filter_map(|item| manifest.known(container.world, item))
            .map(std::borrow::Cow::into_owned)
            .collect()
    };
    let mut health = words(health);
    match health.first().map(String::as_str) {
        Some("CMD") => {
            health.remove(0);
        }
        Some("CMD-SHELL") => health = shell(health.into_iter().skip(1)),
        Some("NONE") => health.clear(),
        Some(_) if health.len() == 1 && container.world == World::Compose => health = shell(health),
        _ => {}
    }
    let ports = ports::of(manifest, container);
    Needs {
        name: container.name.clone(),
        image: text(&["image"]).unwrap_or_default(),
        user,
        ports: ports
            .iter()
            .filter_map(|port| Some((port.target?.0, port.published.map(|(first, _)| first))))
            .collect(),
        capabilities: words(added),
        scratch: words(&["tmpfs"]),
        health,
    }
}

fn shell(command: impl IntoIterator<Item = String>) -> Vec<String> {
    let command: Vec<String> = command.into_iter().collect();
    vec!["/bin/sh".to_owned(), "-c".to_owned(), command.join(" ")]
}

/// What is written in all three worlds.
struct Plan<'a> {
    needs: &'a Needs,
    name: String,
    image: &'a str,
    /// As one writes it for Docker.
    user: String,
    /// Where it is a number.
    ids: Option<(u64, u64)>,
    capabilities: Vec<String>,
    scratch: Vec<String>,
}

impl<'a> Plan<'a> {
    fn of(needs: &'a Needs) -> Self {
        let (user, ids) = user(needs.user.as_deref().unwrap_or_default());
        let mut capabilities: Vec<String> =
            needs.capabilities.iter().map(|name| bare(name)).collect();
        // What gives everything is what this is meant to take away.
        capabilities.retain(|name| name != "ALL" && !name.is_empty());
        if needs.ports.iter().any(|(port, _)| (1..1024).contains(port)) {
            capabilities.push("NET_BIND_SERVICE".to_owned());
        }
        capabilities.sort();
        capabilities.dedup();
        let path = |text: &String| text.split(':').next().unwrap_or_default().to_owned();
        let mut scratch: Vec<String> = needs.scratch.iter().map(path).collect();
        scratch.push("/tmp".to_owned());
        scratch.retain(|path| path.starts_with('/') && path.len() > 1);
        scratch.sort();
        scratch.dedup();
        Self {
            needs,
            name: label(&needs.name),
            image: if needs.image.is_empty() {
                "IMAGE"
            } else {
                &needs.image
            },
            user,
            ids,
            capabilities,
            scratch,
        }
    }

    fn docker_run(&self) -> String {
        let mut options = vec![
            format!("--name {}", self.name),
            format!("--network {}-net", self.name),
            format!("--user {}", word(&self.user)),
            "--read-only".to_owned(),
        ];
        for path in &self.scratch {
            let option = format!("{path}:rw,noexec,nosuid,nodev,size=64m");
            options.push(format!("--tmpfs {}", word(&option)));
        }
        options.push("--cap-drop ALL".to_owned());
        options.extend(
            self.capabilities
                .iter()
                .map(|name| format!("--cap-add {}", word(name))),
        );
        options.push("--security-opt no-new-privileges:true".to_owned());
        options.push("--memory 512m --memory-swap 512m --cpus 1 --pids-limit 200".to_owned());
        options.push("--restart on-failure:5".to_owned());
        for (port, published) in &self.needs.ports {
            if let Some(host) = published {
                options.push(format!("--publish 127.0.0.1:{host}:{port}"));
            }
        }
        if !self.needs.health.is_empty() {
            let words: Vec<String> = self.needs.health.iter().map(|part| word(part)).collect();
            let command = words.join(" ");
            options.push(format!(
                "--health-cmd {} --health-interval 30s",
                word(&command)
            ));
        }
        options.push(word(self.image));
        format!(
            "docker network create {}-net\ndocker run --detach \\\n  {}\n",
            self.name,
            options.join(" \\\n  ")
        )
    }

    fn compose(&self) -> String {
        let mut out = format!("services:\n  {}:\n", scalar(&self.name));
        let mut line = |text: String| {
            out.push_str("    ");
            out.push_str(&text);
            out.push('\n');
        };
        line(format!("image: {}", scalar(self.image)));
        line(format!("user: {}", scalar(&self.user)));
        line("read_only: true".to_owned());
        line("tmpfs:".to_owned());
        for path in &self.scratch {
            let option = format!("{path}:rw,noexec,nosuid,nodev,size=64m");
            line(format!("  - {}", scalar(&option)));
        }
        line("cap_drop:\n      - ALL".to_owned());
        if !self.capabilities.is_empty() {
            line("cap_add:".to_owned());
            for name in &self.capabilities {
                line(format!("  - {}", scalar(name)));
            }
        }
        line("security_opt:\n      - \"no-new-privileges:true\"".to_owned());
        line("deploy:\n      resources:\n        limits:\n          memory: 512M\n          cpus: \"1\"\n          pids: 200".to_owned());
        line("restart: on-failure:5".to_owned());
        let published: Vec<_> = self
            .needs
            .ports
            .iter()
            .filter(|(_, host)| host.is_some())
            .collect();
        if !published.is_empty() {
            line("ports:".to_owned());
        }
        for (port, host) in published {
            let host = host.unwrap_or(*port);
            line(format!("  - \"127.0.0.1:{host}:{port}\""));
        }
        if !self.needs.health.is_empty() {
            line(format!("healthcheck:\n      test: {}", self.health("CMD")));
            line("  interval: 30s\n      timeout: 3s\n      retries: 3".to_owned());
        }
        line(format!("networks:\n      - {}-net", self.name));
        let _ = write!(out, "networks:\n  {}-net: {{}}\n", self.name);
        out
    }

    /// The command that says whether it is well, as a list; `first` stands before it where it is not empty.
    fn health(&self, first: &str) -> String {
        let words = self.needs.health.iter().map(|part| scalar(part));
        let first = (!first.is_empty()).then(|| first.to_owned());
        let words: Vec<String> = first.into_iter().chain(words).collect();
        format!("[{}]", words.join(", "))
    }

    fn kubernetes(&self) -> String {
        let name = scalar(&self.name);
        let mut out = format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  selector:\n    matchLabels:\n      app: {name}\n  template:\n    metadata:\n      labels:\n        app: {name}\n    spec:\n      automountServiceAccountToken: false\n      securityContext:\n        runAsNonRoot: true\n"
        );
        if let Some((user, group)) = self.ids {
            let _ = write!(
                out,
                "        runAsUser: {user}\n        runAsGroup: {group}\n"
            );
        } else {
            out.push_str(
                "        # runAsUser: the number of this user, which only the image knows\n",
            );
        }
        let _ = write!(
            out,
            "        seccompProfile:\n          type: RuntimeDefault\n      containers:\n        - name: {name}\n"
        );
        let mut line = |text: &str| {
            out.push_str("          ");
            out.push_str(text);
            out.push('\n');
        };
        line(&format!("image: {}", scalar(self.image)));
        line(
            "securityContext:\n            allowPrivilegeEscalation: false\n            privileged: false",
        );
        line(
            "  readOnlyRootFilesystem: true\n            capabilities:\n              drop:\n                - ALL",
        );
        if !self.capabilities.is_empty() {
            line("    add:");
            for name in &self.capabilities {
                line(&format!("      - {}", scalar(name)));
            }
        }
        line(
            "resources:\n            requests:\n              cpu: 100m\n              memory: 256Mi",
        );
        line("  limits:\n              cpu: \"1\"\n              memory: 512Mi");
        let mut ports: Vec<u16> = self.needs.ports.iter().map(|(port, _)| *port).collect();
        ports.sort_unstable();
        ports.dedup();
        if !ports.is_empty() {
            line("ports:");
        }
        for port in &ports {
            line(&format!("  - containerPort: {port}"));
        }
        if let Some(probe) = self.probe(ports.first().copied()) {
            line(&format!("readinessProbe:\n            {probe}"));
            line(&format!("livenessProbe:\n            {probe}"));
        }
        line("volumeMounts:");
        for (at, path) in self.scratch.iter().enumerate() {
            line(&format!(
                "  - name: scratch-{at}\n              mountPath: {}",
                scalar(path)
            ));
        }
        out.push_str("      volumes:\n");
        for at in 0..self.scratch.len() {
            let _ = write!(
                out,
                "        - name: scratch-{at}\n          emptyDir:\n            sizeLimit: 64Mi\n"
            );
        }
        out
    }

    /// How Kubernetes asks whether it is well: by the command, or by its first port.
    fn probe(&self, port: Option<u16>) -> Option<String> {
        if !self.needs.health.is_empty() {
            let command = self.health("");
            return Some(format!("exec:\n              command: {command}"));
        }
        Some(format!("tcpSocket:\n              port: {}", port?))
    }
}

/// A user for Docker, and its numbers where it has some.
fn user(text: &str) -> (String, Option<(u64, u64)>) {
    let (name, group) = text.split_once(':').unwrap_or((text, ""));
    let number = name.parse::<u64>().ok();
    if matches!(name, "" | "root") || number == Some(0) {
        return (format!("{}:{}", USER.0, USER.1), Some(USER));
    }
    match (number, group.parse::<u64>()) {
        (Some(user), Ok(group)) => (text.to_owned(), Some((user, group))),
        (Some(user), Err(_)) if group.is_empty() => (format!("{user}:{user}"), Some((user, user))),
        _ => (text.to_owned(), None),
    }
}

/// A name that all three worlds take: a DNS label. (RFC 1123.)
fn label(name: &str) -> String {
    let plain = name.chars().map(|c| {
        let c = c.to_ascii_lowercase();
        if c.is_ascii_alphanumeric() { c } else { '-' }
    });
    let plain: String = plain.take(50).collect();
    let plain = plain.trim_matches('-');
    if plain.is_empty() {
        "app".to_owned()
    } else {
        plain.to_owned()
    }
}

/// A word of a shell.
fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A scalar of YAML that is a text, whatever it looks like.
fn scalar(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./@".contains(c);
    let starts = text
        .chars()
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '/');
    let is_word = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "y" | "n"
    );
    let is_image = text.chars().all(|c| is_plain(c) || c == ':') && !text.ends_with(':');
    if starts && is_image && !is_word {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '$' => out.push('$'),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use plimsoll_model::lint::settings::Settings;

    use super::*;

    fn full() -> Needs {
        Needs {
            name: "Web_1".to_owned(),
            image: format!(
                "registry.example.org:5000/web:1.2@sha256:{}",
                "a".repeat(64)
            ),
            user: Some("root".to_owned()),
            ports: vec![(80, Some(8080)), (9090, None)],
            capabilities: vec!["cap_chown".to_owned(), "ALL".to_owned()],
            scratch: vec!["/var/cache/nginx:size=1m".to_owned()],
            health: vec![
                "/bin/sh".to_owned(),
                "-c".to_owned(),
                "wget -q \"http://localhost/it's\"".to_owned(),
            ],
        }
    }

    /// What this writes is what the rules ask for.
    #[test]
    fn the_hardened_text_has_no_findings() {
        for needs in [
            full(),
            Needs {
                health: full().health,
                ..Needs::default()
            },
        ] {
            let hardened = harden(&needs);
            for text in [&hardened.compose, &hardened.kubernetes] {
                let file =
                    crate::lint("compose.yaml", text, &Settings::default()).expect("a manifest");
                assert!(file.errors.is_empty(), "{:?}\n{text}", file.errors);
                let found: Vec<_> = file.findings.iter().map(|found| found.rule.id).collect();
                let expected: &[&str] = if needs.image.is_empty() {
                    &["latest-image"]
                } else {
                    &[]
                };
                assert_eq!(found, expected, "{text}");
            }
        }
    }

    #[test]
    fn needs_that_are_read_back_are_the_same() {
        let hardened = harden(&full());
        for text in [&hardened.compose, &hardened.kubernetes] {
            let manifest = Manifest::read("compose.yaml", text).expect("a manifest");
            let container = manifest.containers.first().expect("one container");
            let found = needs(&manifest, container);
            assert_eq!(found.name, "web-1");
            assert_eq!(found.image, full().image);
            assert_eq!(found.user.as_deref(), Some("10001:10001"));
            assert_eq!(found.capabilities, ["CHOWN", "NET_BIND_SERVICE"]);
            assert_eq!(found.health, full().health);
        }
    }

    #[test]
    fn docker_run_is_one_command_of_a_shell() {
        let text = harden(&full()).docker_run;
        for part in [
            "--user 10001:10001",
            "--read-only",
            "--tmpfs /tmp:rw,noexec,nosuid,nodev,size=64m",
            "--tmpfs /var/cache/nginx:rw,noexec,nosuid,nodev,size=64m",
            "--cap-drop ALL",
            "--cap-add NET_BIND_SERVICE",
            "--security-opt no-new-privileges:true",
            "--memory 512m",
            "--pids-limit 200",
            "--publish 127.0.0.1:8080:80",
            "--network web-1-net",
        ] {
            assert!(text.contains(part), "no `{part}` in:\n{text}");
        }
        let hostile = Needs {
            image: "a; rm -rf /'".to_owned(),
            ..Needs::default()
        };
        assert!(harden(&hostile).docker_run.contains("'a; rm -rf /'\\'''"));
    }
}
