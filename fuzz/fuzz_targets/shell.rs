//! Any text as a shell script: no panic, and every place lies in the text and between characters.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_dockerfile::Span;
use plimsoll_dockerfile::shell::{self, Part, Place, Role, Visitor, Word};

struct Check<'t>(&'t str);

impl Check<'_> {
    fn span(&self, span: Span) {
        assert!(span.start <= span.end && span.end <= self.0.len(), "{span:?}");
        assert!(self.0.is_char_boundary(span.start) && self.0.is_char_boundary(span.end), "{span:?}");
    }
}

impl<'a> Visitor<'a> for Check<'_> {
    fn command(&mut self, command: &'a shell::Command, _: &Place<'a>) {
        self.span(command.span());
    }

    fn word(&mut self, word: &'a Word, _: Role, _: &Place<'a>) {
        self.span(word.span);
        let _ = (word.literal(), word.outline());
    }

    fn part(&mut self, part: &'a Part, _: bool, _: Role, _: &Place<'a>) {
        self.span(part.span());
    }
}

fuzz_target!(|text: &str| {
    let script = shell::parse(text);
    let mut check = Check(text);
    script.visit(&mut check);
    for error in &script.errors {
        check.span(error.span);
    }
    for comment in &script.comments {
        check.span(comment.span);
    }
    for seen in script.commands() {
        let _ = (seen.in_subshell(), seen.is_tested(), seen.command.arguments(&["o"]));
        let effective = seen.command.effective();
        if let Some(inner) = effective.invocation.inner_script(text) {
            inner.script.visit(&mut check);
        }
    }
});
