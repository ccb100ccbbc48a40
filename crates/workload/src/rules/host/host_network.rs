//! The network of the host.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::lint::{Context, Sink};
use crate::rules::host::refuse_in_pods;
use crate::rules::refuse_mode;
use crate::rules::{Default, Repair, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "host-network",
        aliases: &["KSV-0009", "CIS-5.10"],
        title: Text::fixed("host network", "主机网络"),
        why: Text::fixed(
            "The container sees all traffic of the host, its loopback services included, and may listen on any port.",
            "容器可见主机的全部流量,包括环回服务,并可监听任意端口。",
        ),
        severity: Severity::High,
        references: &[
            "CIS Docker Benchmark 1.6.0, 5.10",
            "Kubernetes Pod Security Standards, Baseline",
            "requirements A 3",
        ],
    },
    default: Default::On,
    repair: Repair {
        docker_run: "no --network host",
        compose: "no network_mode: host",
        kubernetes: "hostNetwork: false",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    network_mode: host
",
        r#"services:
  app:
    image: registry.example.org/app:1.2.3
    network_mode: "host"
    user: "1000"
"#,
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  hostNetwork: true
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
    ],
    good: &[
        "\
services:
  app:
    image: registry.example.org/app:1.2.3
    network_mode: none
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  hostNetwork: false
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: app
      image: registry.example.org/app:1.2.3
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let says = Text::fixed("uses the network of the host", "使用主机网络");
    refuse_mode(context.manifest, "network_mode", "host", &says, sink);
    refuse_in_pods(context.manifest, "hostNetwork", &says, sink);
}
