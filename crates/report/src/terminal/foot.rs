//! What could not be read, what the answer rests on, and the score.

use std::io;

use plimsoll_model::Effect;
use plimsoll_model::advisory::Knowledge;
use plimsoll_model::text::Language;
use plimsoll_model::verdict::Verdict;

use super::{Page, SHOWN};
use crate::coverage;

impl Page<'_> {
    /// Problems that limit the answer, those that leave it blind first.
    pub(super) fn problems(&mut self) -> io::Result<()> {
        let mut serious: Vec<_> = self
            .report
            .assessment
            .problems
            .iter()
            .filter(|problem| problem.effect != Effect::Note)
            .collect();
        if serious.is_empty() {
            return Ok(());
        }
        serious.sort_by_key(|problem| std::cmp::Reverse(problem.effect));
        self.heading(self.pick("What could not be read or judged", "未能读取或判断的内容"))?;
        for problem in serious.iter().take(SHOWN) {
            let blind = match problem.effect {
                Effect::Blind => self.pick(" [hides findings]", " [可能遗漏问题]"),
                Effect::Gap | Effect::Note => "",
            };
            let line = format!("{}: {}{blind}", problem.subject, problem.reason);
            self.hang("  ? ", &line)?;
        }
        self.more(4, serious.len().saturating_sub(SHOWN), "")
    }

    /// The advisories.
    pub(super) fn knowledge(&mut self) -> io::Result<()> {
        let provenance = &self.report.assessment.provenance;
        let snapshot = &provenance.snapshot;
        let order: Vec<&str> = provenance.severity_order.names().collect();
        let order = order.join(", ");
        let records: u64 = snapshot.feeds.iter().map(|feed| feed.records).sum();
        let id = snapshot.id.get(..19).unwrap_or(&snapshot.id);
        let newest = snapshot.newest.map_or_else(
            || self.pick("unknown date", "日期未知").to_owned(),
            |time| time.strftime("%Y-%m-%d").to_string(),
        );
        let line = match (snapshot.knowledge, self.words.0) {
            (Knowledge::Watchlist, Language::En) => format!(
                "Advisories: only the built-in watchlist of {records} entries. Run `plimsoll db update` for all of them."
            ),
            (Knowledge::Watchlist, Language::Zh) => format!(
                "漏洞公告:仅使用内置观察清单({records} 条)。运行 `plimsoll db update` 获取完整数据。"
            ),
            (Knowledge::Database, Language::En) => {
                format!(
                    "Advisories: {records} records, the newest of {newest}, snapshot {id}. Severity by {order}."
                )
            }
            (Knowledge::Database, Language::Zh) => {
                format!(
                    "漏洞公告:{records} 条,最新日期 {newest},快照 {id}。严重程度依次取自:{order}。"
                )
            }
        };
        self.blank()?;
        self.hang("", &line)
    }

    /// How much of the image was understood, and which programs were not.
    pub(super) fn coverage(&mut self) -> io::Result<()> {
        let assessment = self.report.assessment;
        self.heading(self.pick("Coverage", "覆盖范围"))?;
        for line in coverage::sentences(&assessment.facts, Some(&assessment.judged), self.words) {
            self.hang("  ", &line)?;
        }
        let dark = coverage::dark(&assessment.facts, self.words);
        for (path, why) in dark.iter().take(SHOWN) {
            let colon = self.pick(": ", ":");
            self.hang("  ? ", &format!("{path}{colon}{why}"))?;
        }
        self.more(4, dark.len().saturating_sub(SHOWN), "")
    }

    pub(super) fn score(&mut self, verdict: &Verdict) -> io::Result<()> {
        let score = &verdict.score;
        let grade = self.text(&score.grade.title());
        let line = match self.words.0 {
            Language::En => format!(
                "Score: {}/100, {grade} ({} critical, {} high, {} medium, {} low, {} unknown); for information, it decides nothing.",
                score.value, score.critical, score.high, score.medium, score.low, score.unknown
            ),
            Language::Zh => format!(
                "安全评分:{}/100,{grade}(严重 {}、高危 {}、中危 {}、低危 {}、未定级 {});仅供参考,不参与判定。",
                score.value, score.critical, score.high, score.medium, score.low, score.unknown
            ),
        };
        self.hang("", &line)
    }
}
