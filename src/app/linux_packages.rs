//! Which libraries of a Linux desktop are missing, so that the program can name them.

use std::process::Command;

/// Library, and the Debian package that contains it. They are loaded at run time, so no package manager knows that
/// they are needed.
const NEEDED: [(&str, &str); 9] = [
    ("libX11.so.6", "libx11-6"),
    ("libX11-xcb.so.1", "libx11-xcb1"),
    ("libXcursor.so.1", "libxcursor1"),
    ("libXi.so.6", "libxi6"),
    ("libXrandr.so.2", "libxrandr2"),
    ("libxkbcommon.so.0", "libxkbcommon0"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    ("libEGL.so.1", "libegl1"),
    ("libGL.so.1", "libgl1"),
];

/// Returns the missing packages; empty if that cannot be determined.
pub(super) fn missing_packages() -> Vec<&'static str> {
    if !cfg!(target_os = "linux") {
        return Vec::new();
    }
    let listed = ["ldconfig", "/sbin/ldconfig", "/usr/sbin/ldconfig"]
        .iter()
        .find_map(|program| Command::new(program).arg("-p").output().ok())
        .filter(|output| output.status.success());
    listed.map_or_else(Vec::new, |output| {
        missing_from(&String::from_utf8_lossy(&output.stdout))
    })
}

fn missing_from(listed: &str) -> Vec<&'static str> {
    let is_there = |library: &str| {
        listed
            .lines()
            .any(|line| line.split_whitespace().next() == Some(library))
    };
    NEEDED
        .into_iter()
        .filter(|(library, _)| !is_there(library))
        .map(|(_, package)| package)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_listed_is_missing() {
        let all: Vec<String> = NEEDED
            .iter()
            .filter(|(library, _)| *library != "libEGL.so.1")
            .map(|(library, _)| format!("\t{library} (libc6,x86-64) => /usr/lib/{library}"))
            .collect();
        assert_eq!(missing_from(&all.join("\n")), ["libegl1"]);
    }
}
