//! Parameters: `$name` and `${name…}` (POSIX 2.6.2; bash, "Shell Parameter Expansion").

use super::cursor::Parser;
use super::expansion::{Builder, Mode};
use super::word::{Operator, Parameter, Part};
use crate::Span;

impl Parser<'_> {
    /// `$name`, which has been read.
    pub(super) fn simple_parameter(&mut self, start: usize, name: String, builder: &mut Builder) {
        let parameter = Parameter {
            span: self.span(start, self.pos),
            name,
            braced: false,
            length: false,
            indirect: false,
            subscript: None,
            operator: None,
            operator_text: String::new(),
            argument: None,
        };
        builder.part(self, Part::Parameter(Box::new(parameter)));
    }

    /// `${…}`
    pub(super) fn braced(&mut self, start: usize, quoted: bool, builder: &mut Builder) {
        if !self.enter() {
            return;
        }
        self.eat("${");
        let mut parameter = Parameter {
            span: Span::default(),
            name: String::new(),
            braced: true,
            length: false,
            indirect: false,
            subscript: None,
            operator: None,
            operator_text: String::new(),
            argument: None,
        };
        if self.peek() == Some(b'#')
            && !matches!(self.second(), Some(b'}' | b':' | b'=' | b'+') | None)
        {
            let mark = self.mark();
            self.advance(1);
            // `${#-x}` and `${#?x}` are about `$#`.
            parameter.length =
                self.parameter_name(&mut parameter) && matches!(self.peek(), Some(b'}' | b'['));
            if !parameter.length {
                parameter.name.clear();
                self.back_to(mark);
            }
        } else if self.peek() == Some(b'!')
            && self
                .second()
                .is_some_and(|byte| byte == b'_' || byte.is_ascii_alphanumeric() || byte == b'#')
        {
            parameter.indirect = true;
            self.advance(1);
        }
        if !parameter.length {
            self.parameter_name(&mut parameter);
        }
        if self.peek() == Some(b'[') && !parameter.name.is_empty() {
            self.advance(1);
            parameter.subscript = Some(self.word(Mode::Subscript));
            self.eat("]");
        }
        self.parameter_rest(quoted, &mut parameter);
        if !self.eat("}") {
            self.unclosed(start, "${");
        }
        self.leave();
        parameter.span = self.span(start, self.pos);
        builder.part(self, Part::Parameter(Box::new(parameter)));
    }

    fn parameter_name(&mut self, parameter: &mut Parameter) -> bool {
        if let Some(name) = self.identifier() {
            parameter.name = name;
            return true;
        }
        while let Some(byte) = self.peek().filter(u8::is_ascii_digit) {
            parameter.name.push(char::from(byte));
            self.advance(1);
        }
        if parameter.name.is_empty()
            && let Some(byte) = self.peek().filter(|byte| b"@*#?-$!".contains(byte))
        {
            parameter.name.push(char::from(byte));
            self.advance(1);
        }
        !parameter.name.is_empty()
    }

    /// The operator and its argument.
    fn parameter_rest(&mut self, quoted: bool, parameter: &mut Parameter) {
        const OPERATORS: &[(&str, Operator)] = &[
            (":-", Operator::Default),
            (":=", Operator::Assign),
            (":?", Operator::Error),
            (":+", Operator::Alternative),
            ("-", Operator::Default),
            ("=", Operator::Assign),
            ("?", Operator::Error),
            ("+", Operator::Alternative),
            ("##", Operator::RemovePrefix),
            ("#", Operator::RemovePrefix),
            ("%%", Operator::RemoveSuffix),
            ("%", Operator::RemoveSuffix),
            ("//", Operator::Replace),
            ("/", Operator::Replace),
            ("^^", Operator::Case),
            ("^", Operator::Case),
            (",,", Operator::Case),
            (",", Operator::Case),
            (":", Operator::Substring),
        ];
        match self.peek() {
            None | Some(b'}') if !parameter.name.is_empty() => return,
            Some(b'@' | b'*') if parameter.indirect && self.second() == Some(b'}') => {
                parameter.operator = Some(Operator::Names);
            }
            Some(b'@') => {
                self.advance(1);
                parameter.operator_text.push('@');
                parameter.operator = Some(Operator::Transform);
            }
            _ => {
                let found = OPERATORS.iter().find(|(text, _)| {
                    !parameter.name.is_empty() && !parameter.length && self.eat(text)
                });
                parameter.operator =
                    Some(found.map_or(Operator::Unknown, |(_, operator)| *operator));
                parameter.operator_text = found.map_or("", |(text, _)| *text).to_owned();
            }
        }
        let pattern = matches!(
            parameter.operator,
            Some(Operator::RemovePrefix | Operator::RemoveSuffix | Operator::Replace)
        );
        let mode = if quoted && !pattern {
            Mode::QuotedArgument
        } else {
            Mode::Argument
        };
        parameter.argument = Some(self.word(mode));
    }
}
