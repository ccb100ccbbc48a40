//! The page of `cargo xtask orders`.

use std::fmt::Write as _;

use plimsoll_testkit::orders::{Cover, EXPLANATIONS, shown};

use super::Row;

/// The whole page.
pub(super) fn page(rows: &[Row]) -> String {
    let mut text = String::from(
        "# Beside the tools that know the orders\n\n\
         <!-- Written by `cargo xtask orders`; do not edit by hand. -->\n\n\
         Does Plimsoll put versions in the order in which each scheme's own tool puts them?\n\
         `cargo xtask orders` makes pairs with a seeded generator and of the versions that real feeds name, asks the \
         tools, and writes this page.\n\
         The test `orders` of `plimsoll-testkit` asks some of the tools of fewer pairs, each time the tests run.\n\n\
         - **made**, **real**: pairs that were asked; in brackets those that the tool \
         puts in an order. Of real pairs one in four is a real version and a near relation of it.\n\
         - **other order**: both put the pair in an order, and not in the same.\n\
         - **other grammar**: only one takes both texts for versions.\n\
         - Each difference is explained below; what nothing explains, fails the task.\n\n\
         | scheme | tool | made | real | other order | other grammar | unexplained |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for Row {
        scheme,
        tool,
        comparison,
    } in rows
    {
        let [made, real] = comparison.pairs;
        let [made_ordered, real_ordered] = comparison.ordered;
        let (order, grammar) = comparison.kinds;
        let _ = writeln!(
            text,
            "| {scheme} | {tool} | {made} ({made_ordered}) | {real} ({real_ordered}) | {order} | {grammar} | {} |",
            comparison.unexplained.len()
        );
    }
    text.push_str(
        "\nA tool of its own could not be had for `pub` and `swift`; npm's answers for what the three have in common.\n\
         No feed at hand names versions of the schemes without real pairs.\n\n\
         ## Explanations\n\n\
         Pairs are written as the tool puts them; `?` stands for a text that is no version.\n\
         That a tool contradicts itself is asked of it: it puts a third version so that its answers are no order.\n\n\
         | scheme | pairs | why | the first pair |\n|---|---|---|---|\n",
    );
    for row in rows {
        for (place, (count, first)) in &row.comparison.explained {
            let explanation = &EXPLANATIONS[*place];
            let asked = match explanation.covers {
                Cover::Cycle => " (asked)",
                Cover::Text(_) => "",
            };
            let _ = writeln!(
                text,
                "| {} | {count}{asked} | {} | {} |",
                row.scheme,
                explanation.why,
                shown(first).replace('|', "\\|")
            );
        }
    }
    text
}
