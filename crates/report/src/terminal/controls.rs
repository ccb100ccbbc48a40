//! The controls of benchmarks, by their ids.

use std::io;

use plimsoll_model::check::Answer;
use plimsoll_model::control::ControlResult;

use super::Page;

impl Page<'_> {
    /// What failed and what cannot be said, each with its reason; the rest by id alone.
    pub(super) fn controls(&mut self) -> io::Result<()> {
        let controls = &self.report.assessment.controls;
        for of_one in controls.chunk_by(|a, b| a.benchmark == b.benchmark) {
            let Some(first) = of_one.first() else {
                continue;
            };
            let heading = format!("{} {}", first.benchmark.name(), first.benchmark.version());
            self.heading(&heading)?;
            for answer in [Answer::Fail, Answer::Unknown] {
                for control in of_one.iter().filter(|control| control.answer == answer) {
                    self.control(control)?;
                }
            }
            for (answer, words) in [
                (Answer::Pass, self.pick("✓ pass", "✓ 通过")),
                (Answer::NotApplicable, self.pick("· n/a", "· 不适用")),
            ] {
                let ids: Vec<&str> = of_one
                    .iter()
                    .filter(|control| control.answer == answer)
                    .map(|control| control.id.as_str())
                    .collect();
                if !ids.is_empty() {
                    let lead = self.paint.answer(answer, words);
                    self.hang_painted("  ", &format!("{lead} {}", ids.join(", ")))?;
                }
            }
        }
        Ok(())
    }

    fn control(&mut self, control: &ControlResult) -> io::Result<()> {
        let mark = match control.answer {
            Answer::Pass => "✓",
            Answer::Fail => "✗",
            Answer::Unknown => "?",
            Answer::NotApplicable => "·",
        };
        let lead = self.paint.answer(control.answer, mark);
        let title = self.text(&control.title);
        let reason = self.text(&control.reason);
        let colon = self.pick(": ", ":");
        self.hang(
            &format!("  {lead} {:<5}", control.id),
            &format!("{title}{colon}{reason}"),
        )
    }
}
