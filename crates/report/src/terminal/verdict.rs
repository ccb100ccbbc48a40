//! The verdict with its reasons, what to do, the vetoes and the dimensions.

use std::io;

use plimsoll_model::check::Answer;
use plimsoll_model::finding::Remedy;
use plimsoll_model::verdict::{Accepted, Decision, Verdict};

use super::{Page, SHOWN};
use crate::paint::{pad, plain};

impl Page<'_> {
    /// The verdict, the image that it is about, and why.
    pub(super) fn head(&mut self) -> io::Result<()> {
        let Some(verdict) = self.report.verdict else {
            return self.subject();
        };
        let decision = verdict.decision;
        let words = self.text(&decision.title()).to_uppercase();
        let line = self
            .paint
            .decision(decision, &format!("{} {words}", mark_of(decision)));
        writeln!(self.out, "{line}\n")?;
        self.subject()?;
        self.heading(self.pick("Why", "原因"))?;
        let reasons: Vec<String> = verdict.reasons.iter().map(|t| self.text(t)).collect();
        self.list(mark_of(decision), &reasons)?;
        if !verdict.conditions.is_empty() {
            self.heading(self.pick("Conditions", "条件"))?;
            let conditions: Vec<String> = verdict.conditions.iter().map(|t| self.text(t)).collect();
            self.list("-", &conditions)?;
        }
        if !verdict.accepted.is_empty() {
            self.heading(self.pick("Accepted by the policy", "策略中已接受"))?;
            let accepted: Vec<String> = verdict.accepted.iter().map(|a| self.accepted(a)).collect();
            self.list("·", &accepted)?;
        }
        if !verdict.remarks.is_empty() {
            self.heading(self.pick("Look at the policy again", "策略需要复查"))?;
            let remarks: Vec<String> = verdict.remarks.iter().map(|t| self.text(t)).collect();
            self.list("!", &remarks)?;
        }
        Ok(())
    }

    fn list(&mut self, mark: &str, entries: &[String]) -> io::Result<()> {
        for entry in entries.iter().take(SHOWN) {
            self.hang(&format!("  {mark} "), entry)?;
        }
        self.more(4, entries.len().saturating_sub(SHOWN), "")
    }

    fn accepted(&self, accepted: &Accepted) -> String {
        let Accepted {
            rule,
            subject,
            owner,
            reason,
            until,
        } = accepted;
        let what = if subject.is_empty() {
            rule.clone()
        } else {
            format!("{rule}, {subject}")
        };
        if self.zh() {
            format!("{what}:{owner} 接受至 {until}:{reason}")
        } else {
            format!("{what}: {owner} accepts it until {until}: {reason}")
        }
    }

    /// Name, digest, and the facts that tell images apart.
    fn subject(&mut self) -> io::Result<()> {
        let facts = &self.report.assessment.facts;
        let subject = &facts.subject;
        let mut names = vec![subject.requested.clone()];
        if let (Some(repository), Some(tag)) = (&subject.repository, &subject.tag) {
            let name = format!("{repository}:{tag}");
            if !subject.requested.ends_with(&name) {
                names.push(name);
            }
        }
        for name in names {
            self.hang("  ", &name)?;
        }
        let digest = subject
            .manifest_digest
            .as_ref()
            .or(subject.image_id.as_ref());
        if let Some(digest) = digest
            && !subject.requested.contains(digest.as_str())
        {
            self.hang("  ", digest.as_str())?;
        }
        let mut parts = Vec::new();
        if !subject.platform.os.is_empty() {
            parts.push(subject.platform.to_string());
        }
        parts.push(facts.os.as_ref().map_or_else(
            || {
                self.pick("operating system unknown", "操作系统未知")
                    .to_owned()
            },
            |os| os.release.display(),
        ));
        parts.push(
            self.words
                .count(facts.packages.len(), "package", "packages", "个软件包"),
        );
        parts.push(
            self.words
                .count(facts.layers.len(), "layer", "layers", "层"),
        );
        self.hang("  ", &parts.join(" · "))
    }

    pub(super) fn actions(&mut self, verdict: &Verdict) -> io::Result<()> {
        if verdict.actions.is_empty() {
            return Ok(());
        }
        self.heading(self.pick("What to do", "处理建议"))?;
        for (idx, action) in verdict.actions.iter().take(SHOWN).enumerate() {
            let count = action.repairs.len();
            let severity = self.words.severity(action.severity);
            let severity = self.paint.severity(action.severity, severity);
            let repairs = if self.zh() {
                format!("可修复 {count} 项,最高级别:{severity}")
            } else if count == 1 {
                format!("repairs 1 finding, {severity}")
            } else {
                format!("repairs {count} findings, the worst {severity}")
            };
            let mut text = plain(&self.text(action.remedy.text()));
            // Policy writes some remedies as a whole sentence about the line to add.
            if let Remedy::Dockerfile { line, .. } = &action.remedy
                && !text.contains(line.as_str())
            {
                let colon = self.pick(": ", ":");
                text = format!("{text}{colon}`{}`", plain(line));
            }
            let open = self.pick(" (", "(");
            self.hang_painted(
                &format!("{:>4}. ", idx + 1),
                &format!("{text}{open}{repairs})"),
            )?;
        }
        self.more(6, verdict.actions.len().saturating_sub(SHOWN), "")
    }

    /// Each veto with the answer in words, since their titles name what is wrong.
    pub(super) fn vetoes(&mut self, verdict: &Verdict) -> io::Result<()> {
        let title = self.pick(
            "Vetoes: any one of them alone means unfit",
            "一票否决:任何一项成立即不适合生产环境",
        );
        self.heading(title)?;
        for veto in &verdict.vetoes {
            let words = match veto.answer {
                Answer::Fail => self.pick("✗ yes", "✗ 是"),
                Answer::Pass => self.pick("✓ no", "✓ 否"),
                Answer::Unknown => self.pick("? cannot say", "? 无法判断"),
                Answer::NotApplicable => self.pick("· n/a", "· 不适用"),
            };
            let lead = self.paint.answer(veto.answer, &pad(words, 14));
            let title = self.text(&veto.veto.title());
            let reason = self.text(&veto.reason);
            let colon = self.pick(": ", ":");
            self.hang(&format!("  {lead}"), &format!("{title}{colon}{reason}"))?;
        }
        Ok(())
    }

    pub(super) fn dimensions(&mut self, verdict: &Verdict) -> io::Result<()> {
        self.heading(self.pick("Dimensions", "评估维度"))?;
        for dimension in &verdict.dimensions {
            let words = match dimension.answer {
                Answer::Pass => self.pick("✓ pass", "✓ 通过"),
                Answer::Fail => self.pick("✗ fail", "✗ 不通过"),
                Answer::Unknown => self.pick("? cannot say", "? 无法判断"),
                Answer::NotApplicable => self.pick("· n/a", "· 不适用"),
            };
            let lead = self.paint.answer(dimension.answer, &pad(words, 14));
            let title = self.text(&dimension.dimension.title());
            let mut detail = Vec::new();
            if !dimension.failed.is_empty() {
                let words = self.pick("failed: ", "未通过:");
                detail.push(format!("{words}{}", dimension.failed.join(", ")));
            }
            if !dimension.unknown.is_empty() {
                let words = self.pick("cannot say: ", "无法判断:");
                detail.push(format!("{words}{}", dimension.unknown.join(", ")));
            }
            let lead = format!("  {lead}{}", pad(&title, 17));
            self.hang(&lead, &detail.join(self.pick("; ", ";")))?;
        }
        Ok(())
    }
}

fn mark_of(decision: Decision) -> &'static str {
    match decision {
        Decision::Fit => "✓",
        Decision::Conditional => "~",
        Decision::Unfit => "✗",
        Decision::Unknown => "?",
    }
}
