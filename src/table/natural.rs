//! Order of texts as people expect it: numbers within them count as numbers, case comes last.

use std::cmp::Ordering;

/// Compares naturally: `x2` before `x10`, `Mpro-x0045` before `mpro-x0046`. Texts that differ only in
/// case or leading zeros are still told apart, so that the order is total.
pub fn natural_cmp(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        match (left.chars().next(), right.chars().next()) {
            (None, None) => return a.cmp(b),
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (x, rest_left) = digits(left);
                let (y, rest_right) = digits(right);
                // Without leading zeros the longer number is the larger one.
                let order = x.len().cmp(&y.len()).then_with(|| x.cmp(y));
                if order.is_ne() {
                    return order;
                }
                (left, right) = (rest_left, rest_right);
            }
            (Some(x), Some(y)) => {
                let order = x.to_lowercase().cmp(y.to_lowercase());
                if order.is_ne() {
                    return order;
                }
                left = left.get(x.len_utf8()..).unwrap_or_default();
                right = right.get(y.len_utf8()..).unwrap_or_default();
            }
        }
    }
}

/// The digits at the front without leading zeros, and what follows them.
fn digits(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    (number.trim_start_matches('0'), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_codes_count_as_numbers() {
        let mut codes = ["x10", "X2", "x2", "x1", "x02", "y1", "x2a", "x"];
        codes.sort_by(|a, b| natural_cmp(a, b));
        assert_eq!(codes, ["x", "x1", "X2", "x02", "x2", "x2a", "x10", "y1"]);
    }

    proptest::proptest! {
        #[test]
        fn the_order_is_total(a in "[a-cA-C0-9-]{0,6}", b in "[a-cA-C0-9-]{0,6}", c in "[a-cA-C0-9-]{0,6}") {
            proptest::prop_assert_eq!(natural_cmp(&a, &b), natural_cmp(&b, &a).reverse());
            proptest::prop_assert_eq!(natural_cmp(&a, &b).is_eq(), a == b);
            if natural_cmp(&a, &b).is_le() && natural_cmp(&b, &c).is_le() {
                proptest::prop_assert!(natural_cmp(&a, &c).is_le());
            }
        }
    }
}
