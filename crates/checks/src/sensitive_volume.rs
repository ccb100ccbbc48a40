//! Volumes over folders of the system.

use plimsoll_model::check::Dimension;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::Remedy;
use plimsoll_model::{ImagePath, Severity, Text};

use crate::{Check, Context, Meta, Needs, Outcome, counted, setting};

/// Is a volume declared over a folder of the system?
#[derive(Debug)]
pub(crate) struct SensitiveVolume;

static META: Meta = Meta {
    id: "sensitive-volume",
    dimension: Dimension::Security,
    title: Text::fixed("volume over a folder of the system", "在系统目录上声明卷"),
    why: Text::fixed(
        "Such a volume invites whoever starts the container to mount the host's folder there, and what the image \
         itself has in it is hidden or kept from the next version.",
        "这样的卷会诱导使用者挂载宿主机的系统目录,并使镜像自身的内容被遮盖或残留到下一版本。",
    ),
    references: &["CIS Docker Benchmark 1.6.0, 5.6", "Dockle DKL-DI-0002"],
    severity: Severity::Medium,
    needs: Needs::Image,
};

/// The folders that the benchmark names in 5.6.
const SYSTEM: &[&str] = &["", "boot", "dev", "etc", "lib", "proc", "sys", "usr"];

impl Check for SensitiveVolume {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, facts: &ImageFacts, _: &Context<'_>) -> Outcome {
        let volumes = &facts.config.config.volumes;
        let is_bad = |volume: &&String| {
            let path = ImagePath::new(volume);
            let top = path.as_str().split('/').next().unwrap_or_default();
            // Below these two everything is the kernel's.
            SYSTEM.contains(&path.as_str()) || matches!(top, "proc" | "sys" | "dev")
        };
        let bad: Vec<&String> = volumes.iter().filter(is_bad).collect();
        let Some(first) = bad.first() else {
            return Outcome::pass(Text::fixed(
                "no volume is declared over a folder of the system",
                "未在系统目录上声明卷",
            ));
        };
        let count = bad.len();
        Outcome::fail(
            Text::new(
                format!(
                    "{} of the system, such as `{first}`",
                    counted(count, "volume over a folder", "volumes over folders")
                ),
                format!("在系统目录上声明了 {count} 个卷,例如 `{first}`"),
            ),
            Remedy::Dockerfile {
                line: "VOLUME /var/lib/app".to_owned(),
                text: Text::fixed(
                    "declare volumes only for the data of the service",
                    "仅为业务数据目录声明卷",
                ),
            },
        )
        .with(
            bad.iter()
                .map(|volume| setting(format!("VOLUME {volume}")))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::check::Answer;

    #[test]
    fn folders_of_the_system_are_known_however_written() {
        for (volume, answer) in [
            ("/data", Answer::Pass),
            ("/etc/nginx/conf.d", Answer::Pass),
            ("/usr/share/x", Answer::Pass),
            ("/devices", Answer::Pass),
            ("/dev", Answer::Fail),
            ("/sys/fs/cgroup", Answer::Fail),
            ("/proc/", Answer::Fail),
            ("/", Answer::Fail),
            ("/etc/", Answer::Fail),
        ] {
            let mut facts = crate::samples::facts();
            facts.config.config.volumes.insert(volume.to_owned());
            assert_eq!(
                crate::samples::run(&SensitiveVolume, &facts).answer,
                answer,
                "{volume}"
            );
        }
    }
}
