//! The text of `plimsoll inspect`: a column of names, a column of values, then layers and history.

use std::io;

use plimsoll_model::facts::ImageFacts;
use plimsoll_model::image::{Healthcheck, HistoryEntry};

use super::{Inspect, commands, pinned, sum, tagged};
use crate::paint::{Paint, clip, pad, plain, wrap};
use crate::words::Words;
use crate::{Settings, coverage};

/// Columns of the names.
const NAMES: usize = 14;

pub(super) fn write(
    image: &Inspect<'_>,
    settings: &Settings,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut sheet = Sheet {
        words: Words(settings.language),
        paint: Paint(settings.colour),
        width: settings.width.max(40),
        out,
    };
    sheet.identity(image)?;
    sheet.run(image)?;
    sheet.pairs("Labels", "元数据标签", &image.config.config.labels)?;
    sheet.pairs("Annotations", "注解", &image.subject.annotations)?;
    sheet.layers(image)?;
    if let Some(facts) = image.facts {
        sheet.coverage(facts)?;
    }
    sheet.history(&image.config.history)
}

struct Sheet<'a> {
    words: Words,
    paint: Paint,
    width: usize,
    out: &'a mut dyn io::Write,
}

impl Sheet<'_> {
    /// A name and its values, one a line; nothing where there are none.
    fn field(
        &mut self,
        en: &'static str,
        zh: &'static str,
        values: impl IntoIterator<Item = String>,
    ) -> io::Result<()> {
        let mut name = pad(self.words.pick(en, zh), NAMES);
        for value in values {
            for line in wrap(&plain(&value), self.width.saturating_sub(NAMES)) {
                let line = format!("{}{line}", std::mem::replace(&mut name, " ".repeat(NAMES)));
                writeln!(self.out, "{}", line.trim_end())?;
            }
        }
        Ok(())
    }

    fn heading(&mut self, en: &'static str, zh: &'static str) -> io::Result<()> {
        let title = self.paint.bold(self.words.pick(en, zh));
        writeln!(self.out, "\n{title}")
    }

    fn identity(&mut self, image: &Inspect<'_>) -> io::Result<()> {
        let Inspect {
            subject,
            config,
            layers,
            ..
        } = image;
        let source = subject.source.name().to_owned();
        let digest = |digest: &plimsoll_model::Digest| digest.to_string();
        self.field("image", "镜像", [subject.requested.clone()])?;
        self.field("source", "来源", [source])?;
        let tag = tagged(subject).filter(|tag| !subject.requested.ends_with(tag.as_str()));
        self.field("tag", "镜像标签", tag)?;
        self.field("by digest", "固定引用", pinned(subject))?;
        self.field(
            "digest",
            "清单摘要",
            subject.manifest_digest.as_ref().map(digest),
        )?;
        self.field(
            "index digest",
            "索引摘要",
            subject.index_digest.as_ref().map(digest),
        )?;
        self.field("image id", "镜像 ID", subject.image_id.as_ref().map(digest))?;
        if !subject.platform.os.is_empty() {
            self.field("platform", "平台", [subject.platform.to_string()])?;
        }
        if subject.platforms.len() > 1 {
            let all: Vec<String> = subject.platforms.iter().map(ToString::to_string).collect();
            self.field("all platforms", "全部平台", [all.join(", ")])?;
        }
        self.field("created", "创建时间", config.created.clone())?;
        self.field("author", "作者", config.author.clone())?;
        let stored = sum(layers.iter().map(|layer| layer.compressed_size));
        let plain = sum(layers.iter().map(|layer| layer.size));
        let sizes = match (stored, plain) {
            (Some(stored), Some(plain)) if stored != plain => Some(format!(
                "{} {}, {} {}",
                Words::size(stored),
                self.words.pick("compressed", "(压缩)"),
                Words::size(plain),
                self.words.pick("uncompressed", "(解压后)"),
            )),
            (Some(stored), None) => Some(format!(
                "{} {}",
                Words::size(stored),
                self.words.pick("compressed", "(压缩)"),
            )),
            (_, plain) => plain.map(Words::size),
        };
        self.field("size", "大小", sizes.filter(|_| !layers.is_empty()))
    }

    fn run(&mut self, image: &Inspect<'_>) -> io::Result<()> {
        let run = &image.config.config;
        let command = |words: &[String]| (!words.is_empty()).then(|| command_line(words));
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        self.heading("How it runs", "运行方式")?;
        let root = self.words.pick("root (none is set)", "root(未设置)");
        let user = text(&run.user).unwrap_or_else(|| root.to_owned());
        self.field("user", "用户", [user])?;
        self.field("entrypoint", "入口", command(&run.entrypoint))?;
        self.field("command", "命令", command(&run.cmd))?;
        self.field("directory", "工作目录", text(&run.working_dir))?;
        self.field("shell", "Shell", command(&run.shell))?;
        let ports: Vec<&str> = run.exposed_ports.iter().map(String::as_str).collect();
        self.field("ports", "端口", text(&ports.join(", ")))?;
        self.field("volumes", "卷", run.volumes.iter().cloned())?;
        self.field("stop signal", "停止信号", run.stop_signal.clone())?;
        let health = self.health(run.healthcheck.as_ref());
        self.field("health check", "健康检查", [health])?;
        self.field("on build", "构建触发器", run.on_build.iter().cloned())?;
        self.field("environment", "环境变量", run.env.iter().cloned())
    }

    fn health(&self, check: Option<&Healthcheck>) -> String {
        let test = check.map(|check| check.test.as_slice()).unwrap_or_default();
        let (Some(check), Some((kind, command))) = (check, test.split_first()) else {
            return self.words.pick("none", "无").to_owned();
        };
        if kind == "NONE" {
            return self.words.pick("disabled", "已禁用").to_owned();
        }
        let mut parts = vec![match kind.as_str() {
            "CMD-SHELL" => command.join(" "),
            _ => command_line(command),
        }];
        for (en, zh, nanoseconds) in [
            ("every", "间隔", check.interval),
            ("timeout", "超时", check.timeout),
            ("start period", "启动宽限", check.start_period),
        ] {
            if nanoseconds > 0 {
                parts.push(format!(
                    "{} {}",
                    self.words.pick(en, zh),
                    duration(nanoseconds)
                ));
            }
        }
        if check.retries > 0 {
            parts.push(format!(
                "{} {}",
                self.words.pick("retries", "重试"),
                check.retries
            ));
        }
        parts.join(", ")
    }

    fn pairs(
        &mut self,
        en: &'static str,
        zh: &'static str,
        pairs: &std::collections::BTreeMap<String, String>,
    ) -> io::Result<()> {
        if pairs.is_empty() {
            return Ok(());
        }
        self.heading(en, zh)?;
        for (name, value) in pairs {
            let text = plain(&format!("{name}={value}"));
            let lines = wrap(&text, self.width.saturating_sub(4));
            for (idx, line) in lines.iter().enumerate() {
                let indent = if idx == 0 { "" } else { "    " };
                writeln!(self.out, "{}", format!("{indent}{line}").trim_end())?;
            }
        }
        Ok(())
    }

    fn layers(&mut self, image: &Inspect<'_>) -> io::Result<()> {
        if image.layers.is_empty() {
            return Ok(());
        }
        self.heading("Layers, lowest first", "镜像层(由低到高)")?;
        for (idx, (layer, made)) in image.layers.iter().zip(commands(image)).enumerate() {
            let size = layer.size.or(layer.compressed_size);
            let size = size.map_or_else(|| "?".to_owned(), Words::size);
            let digest = layer.digest.as_ref().or(layer.diff_id.as_ref());
            let digest = digest.map_or("", |digest| digest.hex().get(..12).unwrap_or_default());
            let made = made.unwrap_or_default();
            let line = format!(
                "{idx:>3}  {size:>10}  {}  {}",
                pad(digest, 12),
                one_line(made)
            );
            writeln!(self.out, "{}", clip(&line, self.width).trim_end())?;
        }
        Ok(())
    }

    fn coverage(&mut self, facts: &ImageFacts) -> io::Result<()> {
        self.heading("Coverage", "覆盖范围")?;
        let colon = self.words.pick(": ", ":");
        let dark = coverage::dark(facts, self.words).into_iter();
        let dark = dark.map(|(path, why)| format!("? {path}{colon}{why}"));
        let sentences = coverage::sentences(facts, None, self.words);
        for text in sentences.into_iter().chain(dark) {
            for line in wrap(&plain(&text), self.width) {
                writeln!(self.out, "{}", line.trim_end())?;
            }
        }
        Ok(())
    }

    fn history(&mut self, history: &[HistoryEntry]) -> io::Result<()> {
        if history.is_empty() {
            return Ok(());
        }
        self.heading("History, oldest first", "构建历史(由旧到新)")?;
        for step in history {
            let day = step.created.as_deref().and_then(|time| time.get(..10));
            let layer = if step.empty_layer {
                self.words.pick("no layer", "无层")
            } else {
                self.words.pick("layer", "层")
            };
            let made = one_line(&step.created_by);
            let line = format!(
                "{}  {}  {made}",
                pad(day.unwrap_or_default(), 10),
                pad(layer, 8)
            );
            writeln!(self.out, "{}", clip(&line, self.width).trim_end())?;
        }
        Ok(())
    }
}

/// The words of a command, those with spaces in quotes.
fn command_line(words: &[String]) -> String {
    let words: Vec<String> = words
        .iter()
        .map(|word| {
            let bare = !word.is_empty() && !word.contains([' ', '\t', '\n', '"', '\'']);
            if bare {
                word.clone()
            } else {
                format!("{word:?}")
            }
        })
        .collect();
    words.join(" ")
}

/// A command of several lines as one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Nanoseconds in the largest unit that needs no fraction.
fn duration(nanoseconds: i64) -> String {
    for (unit, size) in [
        ("h", 3_600_000_000_000),
        ("m", 60_000_000_000),
        ("s", 1_000_000_000),
        ("ms", 1_000_000),
    ] {
        if nanoseconds % size == 0 {
            return format!("{}{unit}", nanoseconds / size);
        }
    }
    format!("{nanoseconds}ns")
}
