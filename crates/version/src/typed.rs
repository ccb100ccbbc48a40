//! What the public types of all schemes have in common, written once.

/// Makes a scheme's public type out of its `Parts`.
///
/// `Parts<'a>` is the borrowed, taken-apart form: `Parts::parse(&str) -> Result<Parts, Fault>`,
/// `Parts::compare(&self, &Parts) -> Ordering`, and `Default`. The public type keeps the text and
/// takes it apart again for each comparison, which costs less than keeping the parts would.
macro_rules! version_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name(Box<str>);

        impl $name {
            /// The version as it was written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            pub(crate) fn parts(&self) -> Parts<'_> {
                // The text has passed this parser in `from_str`, so the default is never used.
                Parts::parse(&self.0).unwrap_or_default()
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::ParseVersionError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::scan::admit(text)
                    .and_then(|()| Parts::parse(text))
                    .map(|_| Self(text.into()))
                    .map_err(|fault| {
                        $crate::ParseVersionError::new($crate::Scheme::$name, text, fault)
                    })
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.parts().compare(&other.parts())
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.cmp(other).is_eq()
            }
        }

        impl Eq for $name {}
    };
}

pub(crate) use version_type;
