//! Words that several formats share, in both languages.

use plimsoll_model::Severity;
use plimsoll_model::text::Language;

/// Writes in one language.
#[derive(Clone, Copy)]
pub(crate) struct Words(pub(crate) Language);

impl Words {
    /// The words of the language.
    pub(crate) fn pick(self, en: &'static str, zh: &'static str) -> &'static str {
        match self.0 {
            Language::En => en,
            Language::Zh => zh,
        }
    }

    /// A number of things: `1 finding`, `3 findings`, `3 项问题`.
    pub(crate) fn count(self, count: usize, one: &str, many: &str, zh: &str) -> String {
        match (self.0, count) {
            (Language::En, 1) => format!("1 {one}"),
            (Language::En, _) => format!("{count} {many}"),
            (Language::Zh, _) => format!("{count} {zh}"),
        }
    }

    /// A severity for people.
    pub(crate) fn severity(self, severity: Severity) -> &'static str {
        match self.0 {
            Language::En => severity.name(),
            Language::Zh => match severity {
                Severity::Critical => "严重",
                Severity::High => "高危",
                Severity::Medium => "中危",
                Severity::Low => "低危",
                Severity::Negligible => "可忽略",
                Severity::Unknown => "未定级",
            },
        }
    }

    /// How many of each severity, worst first, without those of which there are none:
    /// `2 critical, 1 low`.
    pub(crate) fn severities(self, severities: impl Iterator<Item = Severity>) -> String {
        let mut counts = [0usize; Severity::WORST_FIRST.len()];
        for severity in severities {
            for (count, of) in counts.iter_mut().zip(Severity::WORST_FIRST) {
                *count += usize::from(of == severity);
            }
        }
        let parts: Vec<String> = counts
            .iter()
            .zip(Severity::WORST_FIRST)
            .filter(|(count, _)| **count > 0)
            .map(|(count, of)| match self.0 {
                Language::En => format!("{count} {}", of.name()),
                Language::Zh => format!("{} {count}", self.severity(of)),
            })
            .collect();
        parts.join(self.pick(", ", "、"))
    }

    /// A size in bytes for people, with binary units (IEC 80000-13) and one decimal.
    pub(crate) fn size(bytes: u64) -> String {
        const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
        if bytes < 1024 {
            return format!("{bytes} B");
        }
        // Tenths of the unit, so that no rounding of floats is involved.
        let (mut tenths, mut unit) = (u128::from(bytes) * 10 / 1024, UNITS[0]);
        for next in UNITS.iter().skip(1) {
            if tenths < 10_240 {
                break;
            }
            tenths /= 1024;
            unit = next;
        }
        format!("{}.{} {unit}", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_the_unit_in_which_they_are_short() {
        assert_eq!(Words::size(0), "0 B");
        assert_eq!(Words::size(1023), "1023 B");
        assert_eq!(Words::size(1024), "1.0 KiB");
        assert_eq!(Words::size(7_649_280), "7.2 MiB");
        assert_eq!(Words::size(u64::MAX), "16777215.9 TiB");
    }

    #[test]
    fn severities_are_counted_worst_first() {
        use Severity::{Critical, Low};
        let mixed = [Low, Critical, Low];
        assert_eq!(
            Words(Language::En).severities(mixed.into_iter()),
            "1 critical, 2 low"
        );
        assert_eq!(
            Words(Language::Zh).severities(mixed.into_iter()),
            "严重 1、低危 2"
        );
    }
}
