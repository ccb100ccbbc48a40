//! Which ports the image offers.

use plimsoll_model::check::Dimension;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::Remedy;
use plimsoll_model::{Severity, Text};

use crate::{Check, Context, Meta, Needs, Outcome, setting};

/// Are ports for remote control exposed?
#[derive(Debug)]
pub(crate) struct ExposedPorts;

static META: Meta = Meta {
    id: "exposed-ports",
    dimension: Dimension::Security,
    title: Text::fixed("port for remote control exposed", "暴露远程控制端口"),
    why: Text::fixed(
        "A container is entered through its runtime; a login service in it is one more way in.",
        "容器应通过运行时进入;镜像内的登录服务是额外的入侵途径。",
    ),
    references: &[
        "CIS Docker Benchmark 1.6.0, 5.7 and 5.9",
        "requirements A 5.2, typical error 3",
    ],
    severity: Severity::Medium,
    needs: Needs::Image,
};

/// Ports of services that give control over the system.
const CONTROL_PORTS: &[(u16, &str)] = &[
    (22, "SSH"),
    (23, "Telnet"),
    (512, "rexec"),
    (513, "rlogin"),
    (514, "rsh"),
    (2375, "Docker API without TLS"),
    (2376, "Docker API"),
    (3389, "RDP"),
    (5900, "VNC"),
    (5985, "WinRM"),
    (10250, "kubelet"),
];

impl Check for ExposedPorts {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, facts: &ImageFacts, _: &Context<'_>) -> Outcome {
        let ports = &facts.config.config.exposed_ports;
        let bad: Vec<String> = ports
            .iter()
            .filter_map(|port| {
                let service = control_service(port)?;
                Some(format!("{port} ({service})"))
            })
            .collect();
        let evidence = ports
            .iter()
            .map(|port| setting(format!("EXPOSE {port}")))
            .collect();
        if bad.is_empty() {
            let list = ports
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(", ");
            return Outcome::pass(if list.is_empty() {
                Text::fixed("no port is exposed", "未暴露端口")
            } else {
                Text::new(format!("exposed: {list}"), format!("暴露端口:{list}"))
            })
            .with(evidence);
        }
        let list = bad.join(", ");
        Outcome::fail(
            Text::new(
                format!("exposed for remote control: {list}"),
                format!("暴露远程控制端口:{list}"),
            ),
            Remedy::Dockerfile {
                line: "EXPOSE 8080".to_owned(),
                text: Text::fixed(
                    "expose only the ports of the service itself, and remove the login service",
                    "仅暴露业务端口,并移除远程登录服务",
                ),
            },
        )
        .with(evidence)
    }
}

/// `22`, `22/tcp` and ranges such as `20-25/tcp`.
fn control_service(port: &str) -> Option<&'static str> {
    let numbers = port.split('/').next()?;
    let (low, high) = numbers.split_once('-').unwrap_or((numbers, numbers));
    let (low, high) = (low.parse::<u16>().ok()?, high.parse::<u16>().ok()?);
    CONTROL_PORTS
        .iter()
        .find(|(port, _)| (low..=high).contains(port))
        .map(|(_, service)| *service)
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::check::Answer;

    #[test]
    fn control_ports_are_seen_alone_and_in_ranges() {
        for (port, answer) in [
            ("8080/tcp", Answer::Pass),
            ("22/tcp", Answer::Fail),
            ("3389", Answer::Fail),
            ("20-25/tcp", Answer::Fail),
            ("nonsense", Answer::Pass),
        ] {
            let mut facts = crate::samples::facts();
            facts.config.config.exposed_ports.insert(port.to_owned());
            assert_eq!(
                crate::samples::run(&ExposedPorts, &facts).answer,
                answer,
                "{port}"
            );
        }
    }
}
