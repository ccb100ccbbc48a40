//! The report for people: the verdict and its reasons first, then what to do, then the findings by what
//! repairs them.

mod paint;

use std::collections::BTreeMap;
use std::io;

use paint::{Paint, clip, pad};
use plimsoll_model::advisory::{FixState, Knowledge};
use plimsoll_model::check::Answer;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::{Finding, Remedy};
use plimsoll_model::text::Language;
use plimsoll_model::verdict::{Decision, Verdict};
use plimsoll_model::{Effect, Severity, Text};

use crate::{Report, ReportFormat, Settings};

/// `-f terminal`, the default.
pub(crate) struct Terminal;

/// How many findings of one remedy are shown, and how many places of one finding.
const SHOWN: usize = 12;
const SHOWN_EVIDENCE: usize = 3;

impl ReportFormat for Terminal {
    fn name(&self) -> &'static str {
        "terminal"
    }

    fn write(
        &self,
        report: &Report<'_>,
        settings: &Settings,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let mut page = Page {
            report,
            settings,
            paint: Paint(settings.colour),
            out,
        };
        if let Some(verdict) = report.verdict {
            page.verdict(verdict)?;
            page.actions(verdict)?;
            page.vetoes(verdict)?;
        } else {
            page.subject()?;
        }
        page.findings()?;
        page.problems()?;
        page.knowledge()?;
        if let Some(verdict) = report.verdict {
            page.score(verdict)?;
        }
        Ok(())
    }
}

struct Page<'a> {
    report: &'a Report<'a>,
    settings: &'a Settings,
    paint: Paint,
    out: &'a mut dyn io::Write,
}

impl Page<'_> {
    fn words(&self, en: &'static str, zh: &'static str) -> &'static str {
        match self.settings.language {
            Language::En => en,
            Language::Zh => zh,
        }
    }

    fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.settings.language)
    }

    fn heading(&mut self, en: &'static str, zh: &'static str) -> io::Result<()> {
        let words = self.words(en, zh);
        writeln!(self.out, "\n{}", self.paint.bold(words))
    }

    fn subject(&mut self) -> io::Result<()> {
        let line = subject_line(&self.report.assessment.facts);
        writeln!(self.out, "{line}")
    }

    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        let title = verdict.decision.title();
        let (mark, words) = (
            mark_of_decision(verdict.decision),
            self.text(&title).to_uppercase(),
        );
        let line = self
            .paint
            .decision(verdict.decision, &format!("{mark} {words}"));
        writeln!(self.out, "{line}")?;
        self.subject()?;
        self.heading("Why", "原因")?;
        for reason in &verdict.reasons {
            let text = self.text(reason).to_owned();
            self.bullet(mark_of_decision(verdict.decision), &text)?;
        }
        if !verdict.conditions.is_empty() {
            self.heading("Conditions", "条件")?;
            for condition in &verdict.conditions {
                let text = self.text(condition).to_owned();
                self.bullet("-", &text)?;
            }
        }
        for (accepted, until) in verdict.accepted.iter().map(|a| (a, &a.until)) {
            let line = format!(
                "{} {} ({}: {}, {until})",
                accepted.rule, accepted.subject, accepted.owner, accepted.reason
            );
            let words = self.words("accepted", "已接受");
            self.bullet("·", &format!("{words}: {line}"))?;
        }
        for remark in &verdict.remarks {
            let text = self.text(remark).to_owned();
            self.bullet("!", &text)?;
        }
        Ok(())
    }

    fn bullet(&mut self, mark: &str, text: &str) -> io::Result<()> {
        let width = self.settings.width.max(40).saturating_sub(4);
        let mut lines = paint::wrap(text, width).into_iter();
        writeln!(self.out, "  {mark} {}", lines.next().unwrap_or_default())?;
        for line in lines {
            writeln!(self.out, "    {line}")?;
        }
        Ok(())
    }

    fn actions(&mut self, verdict: &Verdict) -> io::Result<()> {
        if verdict.actions.is_empty() {
            return Ok(());
        }
        self.heading("What to do", "处理建议")?;
        for (idx, action) in verdict.actions.iter().take(SHOWN).enumerate() {
            let count = action.repairs.len();
            let repairs = match self.settings.language {
                Language::En if count == 1 => "repairs 1 finding".to_owned(),
                Language::En => format!("repairs {count} findings"),
                Language::Zh => format!("可修复 {count} 项"),
            };
            let severity = self.paint.severity(action.severity, action.severity.name());
            let text = self.text(action.remedy.text()).to_owned();
            self.bullet(
                &format!("{:>2}.", idx + 1),
                &format!("{text} ({repairs}, {severity})"),
            )?;
            if let Remedy::Dockerfile { line, .. } = &action.remedy {
                writeln!(self.out, "        {line}")?;
            }
        }
        self.more(verdict.actions.len())
    }

    fn more(&mut self, all: usize) -> io::Result<()> {
        let more = all.saturating_sub(SHOWN);
        if more == 0 {
            return Ok(());
        }
        let line = match self.settings.language {
            Language::En => format!("… and {more} more; `-f json` lists them all"),
            Language::Zh => format!("……另有 {more} 项;`-f json` 可查看全部"),
        };
        writeln!(self.out, "      {line}")
    }

    fn vetoes(&mut self, verdict: &Verdict) -> io::Result<()> {
        self.heading("Vetoes", "一票否决")?;
        for veto in &verdict.vetoes {
            let title = veto.veto.title();
            let line = format!("{}: {}", self.text(&title), self.text(&veto.reason));
            let mark = self.paint.answer(veto.answer, mark_of_answer(veto.answer));
            self.bullet(&mark, &line)?;
        }
        self.heading("Dimensions", "评估维度")?;
        for dimension in &verdict.dimensions {
            let title = dimension.dimension.title();
            let mark = self
                .paint
                .answer(dimension.answer, mark_of_answer(dimension.answer));
            let mut detail = Vec::new();
            if !dimension.failed.is_empty() {
                let words = self.words("failed", "未通过");
                detail.push(format!("{words}: {}", dimension.failed.join(", ")));
            }
            if !dimension.unknown.is_empty() {
                let words = self.words("unknown", "无法判断");
                detail.push(format!("{words}: {}", dimension.unknown.join(", ")));
            }
            let title = pad(self.text(&title), 16);
            writeln!(
                self.out,
                "  {mark} {}",
                format!("{title}{}", detail.join("; ")).trim_end()
            )?;
        }
        Ok(())
    }

    fn findings(&mut self) -> io::Result<()> {
        let findings = &self.report.assessment.findings;
        if findings.is_empty() {
            let words = self.words("No findings.", "没有发现问题。");
            return writeln!(self.out, "\n{words}");
        }
        self.heading(
            "Findings, by what repairs them",
            "发现的问题(按修复方式分组)",
        )?;
        let mut groups: BTreeMap<&Remedy, Vec<&Finding>> = BTreeMap::new();
        for finding in findings {
            groups.entry(&finding.remedy).or_default().push(finding);
        }
        let mut groups: Vec<(&Remedy, Vec<&Finding>)> = groups.into_iter().collect();
        groups.sort_by_key(|(_, members)| {
            std::cmp::Reverse((
                members.first().map(|finding| finding.severity),
                members.len(),
            ))
        });
        for (remedy, members) in groups {
            let text = self.text(remedy.text()).to_owned();
            writeln!(self.out)?;
            for line in paint::wrap(&text, self.settings.width.max(40).saturating_sub(2)) {
                let line = self.paint.bold(&line);
                writeln!(self.out, "  {line}")?;
            }
            for finding in members.iter().take(SHOWN) {
                self.finding(finding)?;
            }
            self.more(members.len())?;
        }
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let severity = self
            .paint
            .severity(finding.severity, &pad(finding.severity.name(), 10));
        let mut line = format!("{} {}", pad(&finding.rule, 18), self.text(&finding.title));
        if let Some(found) = &finding.vulnerability {
            match &found.fix {
                FixState::Fixed(versions) => line = format!("{line} → {}", versions.join(", ")),
                FixState::NotFixed | FixState::Unknown => {}
                FixState::WillNotFix => {
                    line.push_str(self.words(" (will not be fixed)", "(不予修复)"));
                }
            }
            if found.vulnerability.known_exploited {
                line.push_str(self.words(" [known exploited]", " [已知被利用]"));
            }
        }
        let width = self.settings.width.max(40).saturating_sub(15);
        writeln!(self.out, "    {severity} {}", clip(&line, width))?;
        for evidence in finding.evidence.iter().take(SHOWN_EVIDENCE) {
            let place = evidence
                .location
                .as_ref()
                .map_or_else(String::new, |location| {
                    let line = evidence
                        .line
                        .map_or_else(String::new, |line| format!(":{line}"));
                    format!(
                        "{}{line}, {} {}: ",
                        location.path,
                        self.words("layer", "层"),
                        location.layer
                    )
                });
            let detail = format!("{place}{}", self.text(&evidence.detail));
            let detail = self.paint.dim(&clip(&detail, width));
            writeln!(self.out, "               {detail}")?;
        }
        Ok(())
    }

    fn problems(&mut self) -> io::Result<()> {
        let serious = self
            .report
            .assessment
            .problems
            .iter()
            .filter(|p| p.effect != Effect::Note);
        let mut serious: Vec<_> = serious.collect();
        if serious.is_empty() {
            return Ok(());
        }
        serious.sort_by_key(|problem| std::cmp::Reverse(problem.effect));
        self.heading("Could not be seen", "无法查看的内容")?;
        for problem in serious.iter().take(SHOWN) {
            self.bullet("?", &format!("{}: {}", problem.subject, problem.reason))?;
        }
        self.more(serious.len())
    }

    fn knowledge(&mut self) -> io::Result<()> {
        let snapshot = &self.report.assessment.provenance.snapshot;
        let records: u64 = snapshot.feeds.iter().map(|feed| feed.records).sum();
        let newest = snapshot.newest.map_or_else(
            || "-".to_owned(),
            |time| time.strftime("%Y-%m-%d").to_string(),
        );
        let line = match (snapshot.knowledge, self.settings.language) {
            (Knowledge::Watchlist, Language::En) => format!(
                "Advisories: only the built-in watchlist ({records} entries); `plimsoll db update` fetches the rest."
            ),
            (Knowledge::Watchlist, Language::Zh) => format!(
                "漏洞公告:仅使用内置观察清单({records} 条);运行 `plimsoll db update` 获取完整数据。"
            ),
            (Knowledge::Database, Language::En) => {
                format!(
                    "Advisories: {records} records, the newest of {newest}, snapshot {}.",
                    snapshot.id
                )
            }
            (Knowledge::Database, Language::Zh) => {
                format!(
                    "漏洞公告:{records} 条,最新日期 {newest},快照 {}。",
                    snapshot.id
                )
            }
        };
        writeln!(self.out, "\n{line}")
    }

    fn score(&mut self, verdict: &Verdict) -> io::Result<()> {
        let score = &verdict.score;
        let grade = score.grade.title();
        let grade = self.text(&grade);
        let counts = format!(
            "{} critical, {} high, {} medium, {} low, {} unknown",
            score.critical, score.high, score.medium, score.low, score.unknown
        );
        let line = match self.settings.language {
            Language::En => format!(
                "Score: {}/100, {grade} ({counts}); it informs and does not decide.",
                score.value
            ),
            Language::Zh => format!(
                "安全评分:{}/100,{grade}({counts});仅供参考,不参与判定。",
                score.value
            ),
        };
        writeln!(self.out, "{line}")
    }
}

fn subject_line(facts: &ImageFacts) -> String {
    let subject = &facts.subject;
    let mut parts = vec![subject.requested.clone()];
    if let (Some(repository), Some(tag)) = (&subject.repository, &subject.tag) {
        let name = format!("{repository}:{tag}");
        if !subject.requested.ends_with(&name) {
            parts.push(name);
        }
    }
    if let Some(digest) = subject
        .manifest_digest
        .as_ref()
        .or(subject.image_id.as_ref())
    {
        parts.push(digest.to_string());
    }
    if !subject.platform.os.is_empty() {
        parts.push(subject.platform.to_string());
    }
    if let Some(os) = &facts.os {
        parts.push(os.release.display());
    }
    parts.push(format!("{} packages", facts.packages.len()));
    parts.join(" · ")
}

fn mark_of_decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Fit => "✓",
        Decision::Conditional => "~",
        Decision::Unfit => "✗",
        Decision::Unknown => "?",
    }
}

fn mark_of_answer(answer: Answer) -> &'static str {
    match answer {
        Answer::Pass => "✓",
        Answer::Fail => "✗",
        Answer::Unknown => "?",
        Answer::NotApplicable => "·",
    }
}

/// Severities in the colours that the field uses.
fn severity_style(severity: Severity) -> anstyle::Style {
    use anstyle::AnsiColor;
    let colour = match severity {
        Severity::Critical | Severity::High => AnsiColor::Red,
        Severity::Medium => AnsiColor::Yellow,
        Severity::Low | Severity::Negligible => AnsiColor::Blue,
        Severity::Unknown => AnsiColor::Magenta,
    };
    let style = colour.on_default();
    if severity == Severity::Critical {
        style.bold()
    } else {
        style
    }
}
