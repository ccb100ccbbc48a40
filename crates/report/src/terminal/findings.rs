//! The findings, by what repairs them.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use plimsoll_model::advisory::{Applicability, FixState, PackageMatch};
use plimsoll_model::finding::{Evidence, Finding, Remedy};
use plimsoll_model::triage::Triage;
use plimsoll_model::{Effect, Stage};

use super::rows::{Group, Kind, Row, groups, rows};
use super::{Page, SHOWN};
use unicode_width::UnicodeWidthStr as _;

use crate::paint::{pad, plain, visible_width};
use crate::words::Words;

/// How many lines one remedy may have.
const ROWS: usize = 20;
/// How many flaws of one package are shown, where each package has its own remedy.
const FLAWS: usize = 5;
/// How many places of one finding are shown.
const PLACES: usize = 3;

/// Widths of what stands in columns.
struct Columns {
    severity: usize,
    rule: usize,
}

/// How the packages of a row are named.
#[derive(Clone, Copy)]
enum Names {
    All,
    Count,
    Nothing,
}

impl Page<'_> {
    pub(super) fn findings(&mut self) -> io::Result<()> {
        let all = &self.report.assessment.findings;
        let findings: Vec<&Finding> = all.iter().filter(|f| f.laid_aside().is_none()).collect();
        if findings.is_empty() {
            self.heading(self.pick("No findings", "没有发现问题"))?;
            return self.laid_aside();
        }
        let counts = self.words.severities(findings.iter().map(|f| f.severity));
        let title = if self.zh() {
            format!("发现 {} 项问题:{counts}", findings.len())
        } else {
            let count = self.words.count(findings.len(), "finding", "findings", "");
            format!("{count}: {counts}")
        };
        self.blank()?;
        let title = self.paint.bold(&title);
        self.hang_painted("", &title)?;
        for (kind, groups) in groups(&findings) {
            self.kind(kind, &groups)?;
        }
        self.laid_aside()
    }

    /// Findings that somebody laid aside, and what was said that does not count.
    fn laid_aside(&mut self) -> io::Result<()> {
        let all = &self.report.assessment.findings;
        // One line for each flaw of a source package, in whatever words.
        let mut said: BTreeMap<String, usize> = BTreeMap::new();
        for finding in all {
            if let Some(triage) = finding.laid_aside() {
                *said.entry(self.said(finding, triage)).or_default() += 1;
            }
        }
        let problems = &self.report.assessment.problems;
        let notes = problems
            .iter()
            .filter(|problem| problem.stage == Stage::Policy && problem.effect == Effect::Note);
        let notes: Vec<String> = notes
            .map(|problem| format!("{}: {}", problem.subject, problem.reason))
            .collect();
        if !said.is_empty() {
            let count: usize = said.values().sum();
            let title = if self.zh() {
                format!("已搁置 {count} 项(仍在镜像中)")
            } else {
                let count = self.words.count(count, "finding", "findings", "");
                format!("{count} laid aside, still in the image")
            };
            self.heading(&title)?;
            for line in said.keys().take(ROWS) {
                self.hang("  · ", line)?;
            }
            self.more(4, said.len().saturating_sub(ROWS), "")?;
        }
        if !notes.is_empty() {
            self.heading(self.pick("Statements that do not count", "未生效的声明"))?;
            for note in notes.iter().take(SHOWN) {
                self.hang("  ! ", note)?;
            }
            self.more(4, notes.len().saturating_sub(SHOWN), "")?;
        }
        Ok(())
    }

    /// Who laid a finding aside, and why.
    fn said(&self, finding: &Finding, triage: &Triage) -> String {
        let what = match &finding.vulnerability {
            Some(found) => format!("{} {}", found.reason.looked_up, found.reason.compared),
            None => finding.subject.clone(),
        };
        let severity = self.words.severity(finding.severity);
        let state = self.text(&triage.state.title());
        let mut why = vec![triage.justification.as_str(), triage.reason.as_str()];
        why.retain(|why| !why.is_empty());
        let why = why.join(", ");
        let who = match triage.by.as_str() {
            "" => triage.source.clone(),
            by => format!("{by}, {}", triage.source),
        };
        let ends = triage.ends.map(|ends| ends.strftime("%Y-%m-%d"));
        let until = match (ends, self.zh()) {
            (Some(ends), false) => format!(", before {ends}"),
            (Some(ends), true) => format!(",{ends} 之前有效"),
            (None, _) => String::new(),
        };
        let colon = self.pick(": ", ":");
        let why = if why.is_empty() {
            why
        } else {
            format!("{colon}{why}")
        };
        let rule = &finding.rule;
        format!("{severity} {rule} {what}{colon}{state}{why} ({who}{until})")
    }

    fn kind(&mut self, kind: Kind, groups: &[Group<'_>]) -> io::Result<()> {
        let title = match kind {
            Kind::Base => self.pick("Repaired by a base image update", "更新基础镜像可修复"),
            Kind::Package => self.pick("Repaired by package updates", "升级软件包可修复"),
            Kind::Dockerfile => self.pick("Repaired in the Dockerfile", "修改 Dockerfile 可修复"),
            Kind::Manual => self.pick("For a person to decide", "需要人工处理"),
        };
        let all: usize = groups.iter().map(|group| group.members.len()).sum();
        let count = self.words.count(all, "finding", "findings", "项");
        let (open, close) = (self.pick(" (", "("), ")");
        writeln!(self.out)?;
        let title = self.paint.bold(&format!("{title}{open}{count}{close}"));
        self.hang_painted("  ", &title)?;
        for group in groups.iter().take(SHOWN) {
            self.group(kind, group)?;
        }
        let rest: Vec<&Finding> = groups
            .iter()
            .skip(SHOWN)
            .flat_map(|group| group.members.iter().copied())
            .collect();
        if rest.is_empty() {
            return Ok(());
        }
        let what = self.words.severities(rest.iter().map(|f| f.severity));
        self.more(4, groups.len().saturating_sub(SHOWN), &what)
    }

    fn group(&mut self, kind: Kind, group: &Group<'_>) -> io::Result<()> {
        let rows = rows(&group.members, &self.report.assessment.facts.packages);
        self.remedy(group.remedy)?;
        if kind == Kind::Package {
            let places: BTreeSet<&str> = rows
                .iter()
                .flat_map(|row| row.places.iter().copied())
                .collect();
            self.places(6, &places)?;
        }
        let limit = if kind == Kind::Package { FLAWS } else { ROWS };
        let shown = rows.iter().take(limit);
        let ids = shown.clone().map(|row| row.first.rule.chars().count());
        let words = shown
            .clone()
            .map(|row| self.words.severity(row.severity()).width());
        let columns = Columns {
            severity: words.max().unwrap_or_default(),
            rule: ids.max().unwrap_or_default().min(20),
        };
        for row in shown {
            self.row(kind, row, &columns)?;
        }
        let rest = rows.iter().skip(limit);
        let more: usize = rest.clone().map(|row| row.members).sum();
        let severities = rest.flat_map(|row| std::iter::repeat_n(row.severity(), row.members));
        let what = self.words.severities(severities);
        self.more(6, more, &what)
    }

    /// What repairs a group: one line with the number under which "what to do" says it all, else in full.
    fn remedy(&mut self, remedy: &Remedy) -> io::Result<()> {
        let mut text = plain(&self.text(remedy.text()));
        if let Remedy::Dockerfile { line, .. } = remedy
            && !text.contains(line.as_str())
        {
            let colon = self.pick(": ", ":");
            text = format!("{text}{colon}`{}`", plain(line));
        }
        let actions = self.report.verdict.map(|verdict| verdict.actions.iter());
        let number = actions
            .and_then(|mut actions| actions.position(|action| action.remedy == *remedy))
            .filter(|number| *number < SHOWN);
        match number {
            Some(number) => self.cut(&format!("{:>4}. ", number + 1), &text),
            None => self.hang("    ", &text),
        }
    }

    fn row(&mut self, kind: Kind, row: &Row<'_>, columns: &Columns) -> io::Result<()> {
        let word = pad(self.words.severity(row.severity()), columns.severity);
        let severity = self.paint.severity(row.severity(), &word);
        let rule = pad(&plain(&row.first.rule), columns.rule);
        let lead = format!("      {severity} {rule}  ");
        let Some((found, _)) = row.flaw else {
            let title = self.text(&row.first.title);
            self.cut(&lead, &title)?;
            return self.proof(row.first, &title);
        };
        let room = self.width.saturating_sub(visible_width(&lead));
        let heads = [Names::All, Names::Count, Names::Nothing]
            .map(|names| self.flaw(kind, row, found, names));
        let head = heads.iter().find(|head| head.width() <= room);
        let head = head.unwrap_or(&heads[1]);
        let text = match (self.title(found, row), head.as_str(), kind) {
            ("", head, _) => head.to_owned(),
            (title, "", _) => title.to_owned(),
            (title, head, Kind::Package) => format!("{head} {title}"),
            (title, head, _) => format!("{head}: {title}"),
        };
        self.cut(&lead, &text)?;
        if let Some(why) = &found.reason.unknown {
            self.whisper(8, &format!("{}: {why}", found.reason.record))?;
        }
        if kind != Kind::Package {
            self.places(8, &row.places)?;
        }
        Ok(())
    }

    /// What is between the id of a flaw and its title: `[known exploited] openssl 1.1.1k → 1.1.1n (libssl1.1)`.
    fn flaw(&self, kind: Kind, row: &Row<'_>, found: &PackageMatch, names: Names) -> String {
        let flaw = &found.vulnerability;
        let mut parts = Vec::new();
        if flaw.malicious {
            parts.push(self.pick("[malware]", "[恶意软件包]").to_owned());
        }
        if flaw.known_exploited {
            parts.push(self.pick("[known exploited]", "[已被利用]").to_owned());
        }
        if found.answer == Applicability::Unknown {
            parts.push(self.pick("[cannot say]", "[无法判断]").to_owned());
        }
        if found.fix == FixState::WillNotFix {
            parts.push(self.pick("[will not be fixed]", "[不予修复]").to_owned());
        }
        if matches!(found.fix, FixState::Subscription(_)) {
            let text = self.pick("[fixed only with paid support]", "[仅付费支持提供修复]");
            parts.push(text.to_owned());
        }
        let reason = &found.reason;
        // The heading of the group names package and versions.
        if kind != Kind::Package {
            parts.push(format!("{} {}", reason.looked_up, reason.compared));
            if let FixState::Fixed(versions) = &found.fix
                && let Some(nearest) = versions.first()
            {
                parts.push(format!("→ {nearest}"));
            }
            let alone = row.packages.len() == 1 && row.packages.contains(reason.looked_up.as_str());
            let count = row.packages.len();
            match names {
                Names::Nothing => {}
                _ if alone => {}
                Names::Count if count > 1 => {
                    let count = self.words.count(count, "package", "packages", "个软件包");
                    parts.push(format!("({count})"));
                }
                Names::All | Names::Count => {
                    let names: Vec<&str> = row.packages.iter().copied().collect();
                    parts.push(format!("({})", names.join(", ")));
                }
            }
        }
        parts.join(" ")
    }

    /// The title, without the name of the package in front, which stands there already.
    fn title<'t>(&self, found: &'t PackageMatch, row: &Row<'_>) -> &'t str {
        let flaw = &found.vulnerability;
        let zh = flaw.title_zh.as_deref().filter(|_| self.zh());
        let title = zh.filter(|title| !title.is_empty()).unwrap_or(&flaw.title);
        let Some((name, rest)) = title.split_once(':') else {
            return title;
        };
        let known = name.eq_ignore_ascii_case(&found.reason.looked_up)
            || row
                .packages
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known));
        if known { rest.trim_start() } else { title }
    }

    fn places(&mut self, indent: usize, places: &BTreeSet<&str>) -> io::Result<()> {
        let Some(first) = places.first() else {
            return Ok(());
        };
        let more = places.len().saturating_sub(1);
        let line = match (more, self.zh()) {
            (0, _) => (*first).to_owned(),
            (_, false) => {
                let more = Words::count(self.words, more, "more place", "more places", "");
                format!("{first} and {more}")
            }
            (_, true) => format!("{first} 等 {} 处", places.len()),
        };
        self.whisper(indent, &line)
    }

    /// Evidence that says more than the title.
    fn proof(&mut self, finding: &Finding, title: &str) -> io::Result<()> {
        let evidence: Vec<&Evidence> = finding
            .evidence
            .iter()
            .filter(|e| e.location.is_some() || self.text(&e.detail) != title)
            .collect();
        for evidence in evidence.iter().take(PLACES) {
            let detail = self.text(&evidence.detail);
            let line = match &evidence.location {
                None => detail,
                Some(location) => {
                    let line = evidence
                        .line
                        .map_or_else(String::new, |line| format!(":{line}"));
                    let layer = self.pick("layer", "层");
                    format!(
                        "{}{line} ({layer} {}): {detail}",
                        location.path, location.layer
                    )
                }
            };
            self.whisper(8, &line)?;
        }
        self.more(8, evidence.len().saturating_sub(PLACES), "")
    }
}
