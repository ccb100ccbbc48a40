//! What all lock files have in common.

/// Whether a file came with an installed package or lies among documentation. A lock file there says what the
/// makers of that package had when they worked on it, which says nothing about this image.
pub(super) fn came_with_a_package(path: &str) -> bool {
    if path.starts_with("usr/share/doc/") || path.starts_with("usr/share/nodejs/") {
        return true;
    }
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        let inside = match part {
            "node_modules" | "site-packages" | "dist-packages" | ".pnpm-store" => true,
            // `gems/NAME-VERSION/` and `bundler/gems/NAME-COMMIT/`, but not `gems/3.3.0/`.
            "gems" => parts.peek().is_some_and(|next| next.contains('-')),
            _ => false,
        };
        if inside {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_files_of_packages_are_told_from_those_of_applications() {
        for (path, expected) in [
            ("app/Gemfile.lock", false),
            ("usr/lib/ruby/gems/3.3.0/gems/rack-3.0.0/Gemfile.lock", true),
            ("usr/lib/ruby/gems/3.3.0/Gemfile.lock", false),
            ("srv/bundler/gems/rails-0123abc/Gemfile.lock", true),
            ("app/node_modules/a/yarn.lock", true),
            ("srv/gems/composer.lock", false),
            ("usr/share/doc/x/package-lock.json", true),
        ] {
            assert_eq!(came_with_a_package(path), expected, "{path}");
        }
    }
}
