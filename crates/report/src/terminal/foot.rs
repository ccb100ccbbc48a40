//! What could not be read, what the answer rests on, and the score.

use std::io;

use plimsoll_model::Effect;
use plimsoll_model::advisory::Knowledge;
use plimsoll_model::text::Language;
use plimsoll_model::verdict::Verdict;

use super::{Page, SHOWN};

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

    /// The advisories, and how much of the image they can speak about.
    pub(super) fn knowledge(&mut self) -> io::Result<()> {
        let snapshot = &self.report.assessment.provenance.snapshot;
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
                format!("Advisories: {records} records, the newest of {newest}, snapshot {id}.")
            }
            (Knowledge::Database, Language::Zh) => {
                format!("漏洞公告:{records} 条,最新日期 {newest},快照 {id}。")
            }
        };
        self.blank()?;
        self.hang("", &line)?;
        let coverage = &self.report.assessment.facts.coverage;
        let alone = coverage.unexplained.len();
        if alone == 0 {
            return Ok(());
        }
        let all = coverage.executables;
        let line = match (self.words.0, alone) {
            (Language::En, 1) => format!(
                "Coverage: 1 of {all} executables belongs to no known package; no advisory can speak about it."
            ),
            (Language::En, _) => format!(
                "Coverage: {alone} of {all} executables belong to no known package; no advisory can speak about them."
            ),
            (Language::Zh, _) => format!(
                "覆盖范围:{all} 个可执行文件中有 {alone} 个不属于任何已知软件包,漏洞公告无法覆盖。"
            ),
        };
        self.hang("", &line)
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
