//! Quantities in words: bytes, counts, plurals. In one place, so that the window and the command line agree.

use std::time::Duration;

use bytesize::ByteSize;

/// Returns `4.8 MB`: decimal units, as for disks and networks.
pub fn byte_text(bytes: u64) -> String {
    ByteSize::b(bytes)
        .display()
        .si()
        .to_string()
        .replace("kB", "KB")
}

/// Returns `8,803`, with thousands separators.
pub fn count_text(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns `1 file`, `1,204 files`.
pub fn plural(count: usize, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        count_text(count),
        if count == 1 { one } else { many }
    )
}

/// Returns a sentence about rows that a server has announced and that are missing; `None` if there are none.
pub(super) fn missing_rows(is_complete: bool, unreadable: usize) -> Option<String> {
    match unreadable {
        0 if is_complete => None,
        0 => Some("The server did not send all the rows that it announced.".to_owned()),
        count => Some(format!(
            "{} from the server could not be read and {} missing here.",
            plural(count, "row", "rows"),
            if count == 1 { "is" } else { "are" },
        )),
    }
}

/// Returns `40 s`, `12 minutes`, `1 hour 30 minutes`: rounded to a natural precision.
pub fn time_text(time: Duration) -> String {
    let seconds = time.as_secs_f64().round();
    if seconds < 90.0 {
        return format!("{} s", seconds.max(1.0));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a duration is positive, and the cast saturates"
    )]
    let minutes = (seconds / 60.0).round() as usize;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => plural(minutes, "minute", "minutes"),
        (hours, 0) => plural(hours, "hour", "hours"),
        (hours, minutes) => format!(
            "{} {}",
            plural(hours, "hour", "hours"),
            plural(minutes, "minute", "minutes")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_formatted_naturally() {
        assert_eq!(byte_text(4_800_060), "4.8 MB");
        assert_eq!(byte_text(12), "12 B");
        assert_eq!(count_text(8803), "8,803");
        assert_eq!(count_text(999), "999");
        assert_eq!(plural(1, "file", "files"), "1 file");
        let times = [0, 40, 90, 600, 3600, 5400].map(|at| time_text(Duration::from_secs(at)));
        assert_eq!(
            times,
            [
                "1 s",
                "40 s",
                "2 minutes",
                "10 minutes",
                "1 hour",
                "1 hour 30 minutes"
            ]
        );
        assert_eq!(plural(1_204_000, "file", "files"), "1,204,000 files");
    }
}
