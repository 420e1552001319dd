//! Suggestions for mistyped names: typos are the most common cause of all.

use crate::model::{Target, Tas};

/// Maximum edit distance for a "did you mean" suggestion.
const NEAR: usize = 2;

/// Returns a string that the user may see and that differs only by a typo: other capitals, two digits swapped.
pub(super) fn nearest_tas(tas: &Tas, own: &[Tas], targets: &[Target]) -> Option<Tas> {
    let wanted = tas.as_str().to_lowercase();
    let own = own.iter();
    let shown = targets.iter().map(|target| &target.key.tas);
    own.chain(shown)
        .find(|known| {
            let known = known.as_str().to_lowercase();
            known.len() == wanted.len()
                && strsim::damerau_levenshtein(&known, &wanted) <= 1
                && digits(&known) == digits(&wanted)
        })
        .cloned()
}

/// Returns the sorted digits of a text: strings with different digits are different proposals, not typos.
fn digits(text: &str) -> Vec<char> {
    let mut digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    digits.sort_unstable();
    digits
}

/// Returns a target whose title or name is nearly the same.
pub(super) fn nearest_title(title: &str, targets: &[Target]) -> Option<String> {
    let wanted = title.to_lowercase();
    let distance = |target: &Target| {
        [&target.key.title, &target.display_name]
            .map(|name| strsim::damerau_levenshtein(&name.to_lowercase(), &wanted))
            .into_iter()
            .min()
            .unwrap_or(usize::MAX)
    };
    targets
        .iter()
        .map(|target| (distance(target), target))
        .filter(|(distance, _)| *distance <= NEAR && *distance < wanted.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, target)| target.key.to_string())
}
