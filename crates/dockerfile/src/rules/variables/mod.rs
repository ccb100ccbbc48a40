//! `ARG` and `ENV`, secrets among them.

mod debian_frontend;
mod disabled_verification;
mod env_self_reference;
mod names;
mod secret_in_command;
mod secret_value;
mod secret_variable;
mod undefined_variable;
mod unused_global_argument;

use super::Rule;

/// The rules on variables and secrets.
pub static RULES: &[&Rule] = &[
    &debian_frontend::RULE,
    &disabled_verification::RULE,
    &env_self_reference::RULE,
    &secret_in_command::RULE,
    &secret_value::RULE,
    &secret_variable::RULE,
    &undefined_variable::RULE,
    &unused_global_argument::RULE,
];

#[cfg(test)]
mod tests {
    use crate::lint::{Settings, lint};

    #[test]
    fn no_text_repeats_a_secret() {
        let rules = [
            &super::secret_in_command::RULE,
            &super::secret_value::RULE,
            &super::secret_variable::RULE,
        ];
        for text in rules.iter().flat_map(|rule| rule.bad) {
            for found in lint("Dockerfile", text, &Settings::default()).findings {
                let said = format!("{:?} {:?}", found.message, found.suggestion);
                for secret in ["hunter2", "abc123", "secret123", "Q3EGRIT7", "MIIEow"] {
                    assert!(!said.contains(secret), "{}: {said}", found.rule.id);
                }
            }
        }
    }

    #[test]
    fn the_hidden_flaw_of_the_requirements_is_found() {
        let text = "FROM ubuntu:20.04\nARG DB_PASSWORD\nENV DB_PASSWORD=${DB_PASSWORD}\n";
        let found = lint("Dockerfile", text, &Settings::default()).findings;
        let secrets = found
            .iter()
            .filter(|found| found.rule.id == "secret-variable");
        let lines: Vec<u32> = secrets
            .clone()
            .map(|found| found.region.start.line)
            .collect();
        assert_eq!(lines, [2, 3]);
        for found in secrets {
            assert!(found.suggestion.en.contains("--mount=type=secret"));
            assert!(found.aliases.contains(&"DL3064") && found.aliases.contains(&"DS-0031"));
        }
    }
}
