//! `plimsoll explain IMAGE …`: the chain from a file to an advisory, for people and for machines.
//!
//! # JSON
//! One object, `schemaVersion` 1, in which fields are only ever added: `question` (`package`, `id`), `image`
//! (as asked for, and its digest), `packages` (each with `purl`, `evidence`, `analyzer`, `locations` with the
//! layer's digest, `source`, `owner`, `route`, `answers`), `known` (records under the id that was asked for),
//! `problems`, `advisories`. `answers` have the fields of `findings[].vulnerability` of the report, with
//! `answer` and `counts`: what the advisories of a language say of a package that an OS package installed
//! does not count. Words of `route.kind`: `looked-up`, `owned`, `not-judged`.

use std::io;

use plimsoll_model::ImagePath;
use plimsoll_model::advisory::{Applicability, FixState, PackageMatch};
use plimsoll_model::explanation::{Explanation, Route, Story};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::facts::{ImageFacts, Location, Package};
use plimsoll_model::reach::Reachability;
use plimsoll_model::text::Language;
use serde_json::{Value, json};

use crate::paint::{Paint, pad, plain, wrap};
use crate::safe::write_json;
use crate::words::Words;
use crate::{Settings, json};

/// How an explanation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExplanationFormat {
    /// For people.
    #[default]
    Terminal,
    /// For machines.
    Json,
}

/// Writes an explanation; the same input gives the same bytes.
pub fn write_explanation(
    explanation: &Explanation,
    format: ExplanationFormat,
    settings: &Settings,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        ExplanationFormat::Json => write_json(&document(explanation), out),
        ExplanationFormat::Terminal => Page {
            told: explanation,
            words: Words(settings.language),
            paint: Paint(settings.colour),
            width: settings.width.max(40),
            out,
        }
        .write(),
    }
}

fn document(told: &Explanation) -> Value {
    let facts = &told.facts;
    json!({
        "schemaVersion": 1,
        "question": told.question,
        "image": {"requested": facts.subject.requested, "digest": facts.subject.manifest_digest},
        "packages": told.stories.iter().filter_map(|story| {
            let package = facts.packages.get(story.package)?;
            Some(story_document(facts, story, package))
        }).collect::<Vec<_>>(),
        "known": told.known,
        "problems": told.problems,
        "advisories": told.snapshot,
    })
}

fn story_document(facts: &ImageFacts, story: &Story, package: &Package) -> Value {
    let fact = &package.fact;
    let owner = package.owner.and_then(|owner| facts.packages.get(owner));
    let route = match &story.route {
        Route::LookedUp {
            key,
            name,
            version,
            scheme,
            by_likeness,
        } => {
            json!({"kind": "looked-up", "key": key, "name": name, "version": version, "scheme": scheme,
                    "byLikeness": by_likeness})
        }
        Route::Owned { key, .. } => {
            json!({"kind": "owned", "owner": owner.map(|owner| &owner.purl), "key": key})
        }
        Route::NotJudged { reason } => json!({"kind": "not-judged", "reason": reason}),
    };
    let counts = matches!(story.route, Route::LookedUp { .. });
    let (reachability, loaded) = facts.reach.of(story.package, package);
    json!({
        "purl": package.purl,
        "name": fact.name,
        "version": fact.version,
        "evidence": fact.evidence,
        "analyzer": package.analyzer,
        "source": fact.source,
        "owner": owner.map(|owner| &owner.purl),
        "locations": places(package).map(|location| json!({
            "path": location.path,
            "layer": location.layer,
            "introduced": location.introduced,
            "digest": layer_name(facts, location),
        })).collect::<Vec<_>>(),
        "reachability": reachability.name(),
        "loaded": loaded.map(|file| facts.reach.way(file)),
        "route": route,
        "answers": story.answers.iter().map(|found| {
            let mut answer = json::vulnerability(found);
            if let Value::Object(fields) = &mut answer {
                fields.insert("counts".to_owned(), json!(counts));
                fields.insert("severity".to_owned(), json!(found.vulnerability.severity));
            }
            answer
        }).collect::<Vec<_>>(),
    })
}

/// The places that are told; a bill or a list of packages may tell none.
fn places(package: &Package) -> impl Iterator<Item = &Location> {
    let all = package.locations.iter();
    all.filter(|location| !location.path.as_str().is_empty())
}

/// The digest of a layer: of its blob, else of its content.
fn layer_name(facts: &ImageFacts, location: &Location) -> Option<String> {
    let layer = facts.layers.get(location.layer)?;
    let digest = layer.digest.as_ref().or(layer.diff_id.as_ref())?;
    Some(digest.to_string())
}

/// The columns of a label, in both languages.
const LABEL: usize = 12;

/// Locations of one package that are shown.
const PLACES: usize = 5;

struct Page<'a> {
    told: &'a Explanation,
    words: Words,
    paint: Paint,
    width: usize,
    out: &'a mut dyn io::Write,
}

impl Page<'_> {
    fn pick(&self, en: &'static str, zh: &'static str) -> &'static str {
        self.words.pick(en, zh)
    }

    fn en(&self) -> bool {
        self.words.0 == Language::En
    }

    /// One line, or several if it is long, behind a label.
    fn row(&mut self, label: &str, text: &str) -> io::Result<()> {
        let indent = LABEL + 4;
        let lines = wrap(&plain(text), self.width.saturating_sub(indent));
        for (place, line) in lines.iter().enumerate() {
            let label = if place == 0 { label } else { "" };
            let label = self.paint.dim(&pad(label, LABEL));
            writeln!(self.out, "  {label}  {line}")?;
        }
        Ok(())
    }

    fn line(&mut self, text: &str) -> io::Result<()> {
        for line in wrap(&plain(text), self.width) {
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    fn write(&mut self) -> io::Result<()> {
        let told = self.told;
        let mut asked: Vec<&str> = Vec::new();
        asked.extend(told.question.id.as_deref());
        asked.extend(told.question.package.as_deref());
        let image = &told.facts.subject.requested;
        let title = if self.en() {
            format!("{} in {image}", asked.join(" and "))
        } else {
            format!("{image} 中的 {}", asked.join("、"))
        };
        let title = self.paint.bold(&plain(&title));
        writeln!(self.out, "{title}")?;
        for story in &told.stories {
            if let Some(package) = told.facts.packages.get(story.package) {
                self.story(story, package)?;
            }
        }
        if told.stories.is_empty() {
            self.nothing()?;
        }
        self.known()?;
        self.problems()?;
        let snapshot = &told.snapshot;
        writeln!(self.out)?;
        let line = match (snapshot.newest, self.en()) {
            (Some(time), true) => {
                let day = time.strftime("%Y-%m-%d");
                format!("Advisories: snapshot {}, the newest of {day}.", snapshot.id)
            }
            (None, true) => format!("Advisories: snapshot {}.", snapshot.id),
            (Some(time), false) => {
                let day = time.strftime("%Y-%m-%d");
                format!("漏洞公告:快照 {},最新日期 {day}。", snapshot.id)
            }
            (None, false) => format!("漏洞公告:快照 {}。", snapshot.id),
        };
        self.line(&line)
    }

    /// No package has anything to do with it.
    fn nothing(&mut self) -> io::Result<()> {
        writeln!(self.out)?;
        let question = &self.told.question;
        let line = match (&question.package, &question.id, self.en()) {
            (Some(name), _, true) => format!("No package of the image goes by the name `{name}`."),
            (Some(name), _, false) => format!("镜像中没有名为 `{name}` 的软件包。"),
            (None, Some(id), true) => {
                format!("No package of the image is in a record that bears the id {id}.")
            }
            (None, Some(id), false) => format!("没有任何含编号 {id} 的公告涉及该镜像的软件包。"),
            (None, None, _) => return Ok(()),
        };
        self.line(&line)
    }

    fn story(&mut self, story: &Story, package: &Package) -> io::Result<()> {
        let facts = &self.told.facts;
        let fact = &package.fact;
        writeln!(self.out)?;
        let title = format!("{} {}", fact.name, fact.version);
        let title = self.paint.bold(&plain(title.trim_end()));
        writeln!(self.out, "{title}")?;
        let count = places(package).count();
        if count == 0 {
            let none = self.pick("none is told", "未说明");
            self.row(self.pick("file", "文件"), none)?;
        }
        for location in places(package).take(PLACES) {
            let layer = layer_name(facts, location).unwrap_or_default();
            let text = if self.en() {
                format!("{} (layer {} {layer})", location.path, location.layer)
            } else {
                format!("{}(第 {} 层 {layer})", location.path, location.layer)
            };
            let text = text.replace(" )", ")");
            self.row(self.pick("file", "文件"), &text)?;
        }
        let more = count.saturating_sub(PLACES);
        if more > 0 {
            let text = self
                .words
                .count(more, "more file", "more files", "个其他文件");
            self.row("", &text)?;
        }
        let how = if package.analyzer == "sbom" {
            self.pick(
                "a bill of materials, or a list of packages",
                "物料清单或软件包列表",
            )
        } else {
            self.evidence(fact.evidence)
        };
        let text = format!("{}: {how}", package.analyzer);
        self.row(self.pick("read by", "读取方式"), &text)?;
        self.row(self.pick("package", "软件包"), &package.purl)?;
        if let Some(source) = &fact.source {
            let text = format!("{} {}", source.name, source.version);
            self.row(self.pick("source", "源码包"), &text)?;
        }
        self.loaded(story, package)?;
        self.route(story)?;
        if self.told.question.id.is_some() {
            for found in &story.answers {
                self.chain(story, found)?;
            }
        } else {
            self.list(&story.answers)?;
        }
        if story.answers.is_empty() {
            self.no_answer(story)?;
        }
        Ok(())
    }

    fn evidence(&self, kind: EvidenceKind) -> &'static str {
        match kind {
            EvidenceKind::Installed => self.pick("the record of an installer", "安装记录"),
            EvidenceKind::Compiled => {
                self.pick("a statement inside the compiled file", "编译产物中的声明")
            }
            EvidenceKind::Vendored => self.pick(
                "a copy inside of another package",
                "嵌入在另一软件包中的副本",
            ),
            EvidenceKind::Locked => self.pick("a lock file", "锁文件"),
            EvidenceKind::Fingerprint => self.pick("the paths of its classes", "类路径特征"),
            EvidenceKind::Claimed => {
                self.pick("a bill of materials in the image", "镜像内的物料清单")
            }
            EvidenceKind::Archived => self.pick(
                "a package file that is not installed",
                "镜像内未安装的软件包文件",
            ),
        }
    }

    /// Whether a container loads it when it starts.
    fn loaded(&mut self, story: &Story, package: &Package) -> io::Result<()> {
        let reach = &self.told.facts.reach;
        let text = match reach.of(story.package, package) {
            (Reachability::Linked, file) => {
                let way = file.map(|file| reach.way(file)).unwrap_or_default();
                let way: Vec<&str> = way.into_iter().map(ImagePath::as_str).collect();
                way.join(" → ")
            }
            (Reachability::NotLinked, _) => self
                .pick(
                    "not linked to what the command starts; what it opens while it runs is not seen",
                    "与启动命令无链接关系;运行期间打开的文件无法得知",
                )
                .to_owned(),
            // Nothing to tell.
            (Reachability::Unknown, _) => return Ok(()),
        };
        self.row(self.pick("loaded", "加载"), &text)
    }

    /// How the package comes to its advisories.
    fn route(&mut self, story: &Story) -> io::Result<()> {
        match &story.route {
            Route::LookedUp {
                key,
                name,
                version,
                scheme,
                by_likeness,
            } => {
                let text = if self.en() {
                    format!("{name} {version} under {key}, versions ordered as {scheme}")
                } else {
                    format!("以 {key} 下的 {name} {version} 查询,版本按 {scheme} 排序")
                };
                self.row(self.pick("looked up", "查询"), &text)?;
                if *by_likeness {
                    let text = self.pick(
                        "these are advisories of a relative of the distribution, which prove nothing",
                        "这些公告属于相近的发行版,仅供参考",
                    );
                    self.row("", text)?;
                }
                Ok(())
            }
            Route::Owned { owner, key } => {
                let owner = self.told.facts.packages.get(*owner);
                let owner = owner.map_or("", |owner| owner.purl.as_str());
                let text = if self.en() {
                    format!(
                        "no: {owner} installed it, and the advisories of that one judge it; \
                         those of {key} do not count"
                    )
                } else {
                    format!("否:由 {owner} 安装,以其公告为准;{key} 的公告不计入")
                };
                self.row(self.pick("looked up", "查询"), &text)
            }
            Route::NotJudged { reason } => {
                let no = self.pick("no: ", "否:");
                self.row(self.pick("looked up", "查询"), &format!("{no}{reason}"))
            }
        }
    }

    fn answer(&self, found: &PackageMatch) -> &'static str {
        match found.answer {
            Applicability::Affected => self.pick("affected", "受影响"),
            Applicability::NotAffected => self.pick("not affected", "不受影响"),
            Applicability::Unknown => self.pick("cannot say", "无法判断"),
        }
    }

    /// One flaw, link by link.
    fn chain(&mut self, story: &Story, found: &PackageMatch) -> io::Result<()> {
        let (flaw, reason) = (&found.vulnerability, &found.reason);
        let mut ids = vec![flaw.id.as_str()];
        ids.extend(flaw.aliases.iter().map(String::as_str));
        let text = if self.en() {
            format!("{} of {} ({})", reason.record, reason.feed, ids.join(", "))
        } else {
            format!("{} 的 {}({})", reason.feed, reason.record, ids.join("、"))
        };
        self.row(self.pick("record", "公告"), &text)?;
        if let Some(page) = flaw.references.first() {
            self.row("", page)?;
        }
        let (compared, scheme, rule) = (&reason.compared, &reason.scheme, &reason.rule);
        let text = match (found.answer, self.en()) {
            (Applicability::Affected, true) => {
                format!("{compared} is in {rule} by the order of {scheme}")
            }
            (Applicability::Affected, false) => format!("按 {scheme} 排序,{compared} 位于 {rule}"),
            (Applicability::NotAffected, _) if rule.starts_with('∅') => rule.clone(),
            (Applicability::NotAffected, true) => {
                format!("{compared} is not in {rule} by the order of {scheme}")
            }
            (Applicability::NotAffected, false) => {
                format!("按 {scheme} 排序,{compared} 不在 {rule} 内")
            }
            (Applicability::Unknown, _) => {
                let why = reason.unknown.as_deref().unwrap_or_default();
                format!("{compared}; {rule}; {why}")
            }
        };
        self.row(self.pick("compared", "比较"), &text)?;
        self.severity(found)?;
        self.row(self.pick("fix", "修复"), &self.fix(&found.fix))?;
        if let Some(since) = found.fix_since {
            let text = if self.en() {
                format!("since {}", since.strftime("%Y-%m-%d"))
            } else {
                format!("自 {} 起", since.strftime("%Y-%m-%d"))
            };
            self.row("", &text)?;
        }
        let answer = self.answer(found);
        let counts = matches!(story.route, Route::LookedUp { .. });
        let text = match (counts, self.en()) {
            (true, _) => answer.to_owned(),
            (false, true) => format!("{answer}, which does not count"),
            (false, false) => format!("{answer}(不计入)"),
        };
        let text = self.paint.bold(&text);
        let label = self.paint.dim(&pad(self.pick("answer", "结论"), LABEL));
        writeln!(self.out, "  {label}  {text}")
    }

    fn severity(&mut self, found: &PackageMatch) -> io::Result<()> {
        let flaw = &found.vulnerability;
        let word = self.words.severity(flaw.severity);
        let text = match (flaw.severity_source.as_str(), self.en()) {
            ("", true) => format!("{word}: nobody rated it"),
            ("", false) => format!("{word}:无人评级"),
            (source, true) => format!("{word}, from {source}"),
            (source, false) => format!("{word},来源 {source}"),
        };
        self.row(self.pick("severity", "严重程度"), &text)?;
        for rating in &flaw.cvss {
            let text = format!("{:.1} {} ({})", rating.score, rating.vector, rating.source);
            self.row("", &text.replace("  ", " "))?;
        }
        if flaw.known_exploited {
            let text = self.pick("known to be exploited", "已知被利用");
            self.row("", text)?;
        }
        Ok(())
    }

    fn fix(&self, fix: &FixState) -> String {
        match fix {
            FixState::Fixed(versions) => versions.join(", "),
            FixState::Subscription(versions) => format!(
                "{} ({})",
                versions.join(", "),
                self.pick("for subscribers", "仅限订阅用户")
            ),
            FixState::NotFixed => self.pick("none is known", "尚无").to_owned(),
            FixState::WillNotFix => self
                .pick("the vendor will not fix it", "厂商不予修复")
                .to_owned(),
            FixState::Unknown => self
                .pick("the record does not say", "公告未说明")
                .to_owned(),
        }
    }

    /// Every record for a package, one line each.
    fn list(&mut self, answers: &[PackageMatch]) -> io::Result<()> {
        for found in answers {
            let reason = &found.reason;
            let answer = self.answer(found);
            let why = reason.unknown.as_deref().map(|why| format!("; {why}"));
            let text = format!(
                "{} {}: {} ({} {})",
                found.vulnerability.id, answer, reason.rule, reason.feed, reason.record,
            ) + why.as_deref().unwrap_or_default();
            self.row(self.words.severity(found.vulnerability.severity), &text)?;
        }
        Ok(())
    }

    /// Why there is nothing to list.
    fn no_answer(&mut self, story: &Story) -> io::Result<()> {
        let Route::LookedUp { key, name, .. } = &story.route else {
            return Ok(());
        };
        let text = match (&self.told.question.id, self.en()) {
            (Some(id), true) => {
                format!("no record of {key} for {name} bears the id {id}")
            }
            (Some(id), false) => format!("{key} 中没有含编号 {id} 且涉及 {name} 的公告"),
            (None, true) => format!("no record of {key} names {name}"),
            (None, false) => format!("{key} 中没有涉及 {name} 的公告"),
        };
        self.row(self.pick("answer", "结论"), &text)
    }

    /// What the database holds under the id.
    fn known(&mut self) -> io::Result<()> {
        let told = self.told;
        let Some(id) = &told.question.id else {
            return Ok(());
        };
        if told.stories.iter().any(|story| !story.answers.is_empty()) {
            return Ok(());
        }
        writeln!(self.out)?;
        if told.known.is_empty() {
            let line = if self.en() {
                format!("The advisories hold no record under the id {id}.")
            } else {
                format!("公告库中没有编号为 {id} 的公告。")
            };
            return self.line(&line);
        }
        let line = self.pick(
            "Records under this id, which name other packages or other releases:",
            "该编号下的公告涉及其他软件包或其他版本:",
        );
        self.line(line)?;
        for record in &told.known {
            let withdrawn = match record.withdrawn {
                Some(time) => {
                    let day = time.strftime("%Y-%m-%d");
                    format!("{} {day}", self.pick(", withdrawn", ",已撤回"))
                }
                None => String::new(),
            };
            let text = format!("{}{withdrawn} ({})", record.record, record.ids.join(", "));
            self.row(&record.feed, &text)?;
        }
        Ok(())
    }

    fn problems(&mut self) -> io::Result<()> {
        let told = self.told;
        if told.problems.is_empty() {
            return Ok(());
        }
        writeln!(self.out)?;
        let title = self.pick("What could not be read or judged", "未能读取或判断的内容");
        let title = self.paint.bold(title);
        writeln!(self.out, "{title}")?;
        for problem in &told.problems {
            let text = format!("? {}: {}", problem.subject, problem.reason);
            self.line(&text)?;
        }
        Ok(())
    }
}
