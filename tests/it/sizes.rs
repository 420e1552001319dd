//! Limits the length of files and functions, tests and benches included; checks that public items have callers.

use std::{collections::BTreeMap, fs, path::Path};

use crate::harness::files;

/// Maximum length of a file, in lines; a longer one should be split.
const FILE: usize = 400;
/// Longest function, in lines, signature and braces included.
const FUNCTION: usize = 60;

/// Public items that the program itself does not use.
const ONLY_FOR_OTHERS: [(&str, &str); 2] = [
    ("experiment", "the documented endpoint for a single one"),
    (
        "quiet_wait",
        "no person can see how long the next refresh is away",
    ),
];

/// Path from the top level on, and text of every source file in these folders.
fn sources(folders: &[&str]) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = BTreeMap::new();
    for folder in folders {
        for path in files(&root.join(folder)) {
            if Path::new(&path).extension().is_some_and(|it| it == "rs") {
                let text = fs::read_to_string(root.join(folder).join(&path)).unwrap();
                all.insert(format!("{folder}/{path}"), text);
            }
        }
    }
    all
}

/// Name and length of every function: `fn` at the start of a line, up to the brace below it.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let indent = &line[..line.len() - line.trim_start().len()];
        let Some(name) = name_after(line.trim_start(), "fn") else {
            continue;
        };
        let end = format!("{indent}}}");
        let length = lines[at..].iter().position(|line| *line == end);
        // One without a body, or all in one line, is as long as its signature.
        let is_open = line.ends_with(['{', '(']);
        if let Some(length) = length.filter(|_| is_open) {
            found.push((name, length + 1));
        }
    }
    found
}

/// The name that a line gives to an item of this kind: `pub(crate) async fn NAME`.
fn name_after(line: &str, kind: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let is_before = |word: &&str| {
        word.starts_with("pub") || ["in", "const", "async"].contains(word) || word.ends_with(')')
    };
    let word = words.find(|word| *word == kind || !is_before(word))?;
    let name = words.next().filter(|_| word == kind)?;
    let is_letter = |c: &char| c.is_alphanumeric() || *c == '_';
    Some(name.chars().take_while(is_letter).collect())
}

#[test]
fn no_file_exceeds_the_line_limit() {
    for (path, text) in sources(&["src", "tests", "benches"]) {
        let lines = text.lines().count();
        assert!(lines <= FILE, "{path} has {lines} lines; let it be two");
    }
}

#[test]
fn no_function_is_longer_than_a_screen() {
    let mut long = Vec::new();
    let mut count = 0;
    for (path, text) in sources(&["src", "tests", "benches"]) {
        let all = functions(&text);
        count += all.len();
        let all = all.into_iter().filter(|(_, length)| *length > FUNCTION);
        long.extend(all.map(|(name, length)| format!("{path}: {name} has {length} lines")));
    }
    assert!(count > 2000, "only {count} functions were found");
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn what_is_public_has_a_caller() {
    let is_ours = |path: &&String| !path.contains("/tests") && !path.contains("/hostile");
    let sources = sources(&["src"]);
    let texts: Vec<(&String, String)> = sources
        .iter()
        .filter(|(path, _)| is_ours(path))
        .map(|(path, text)| {
            // Modules of tests, and what is made for tests only, stand at the end of a file.
            let is_end = ["mod tests {", "impl "].map(|it| format!("\n#[cfg(test)]\n{it}"));
            let end = is_end.iter().filter_map(|it| text.find(it)).min();
            let code = &text[..end.unwrap_or(text.len())];
            let lines = code.lines().filter(|it| !it.trim_start().starts_with("//"));
            (path, lines.collect::<Vec<_>>().join("\n"))
        })
        .collect();
    let mut words: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, text) in &texts {
        for word in text.split(|c: char| !c.is_alphanumeric() && c != '_') {
            *words.entry(word).or_default() += 1;
        }
    }
    let mut defined: BTreeMap<String, (usize, &str)> = BTreeMap::new();
    for (path, text) in &texts {
        for line in text.lines().map(str::trim_start) {
            let kinds = ["fn", "const", "static", "struct", "enum", "trait", "type"];
            let name = kinds.iter().find_map(|kind| name_after(line, kind));
            if let Some(name) = name.filter(|_| line.starts_with("pub")) {
                defined.entry(name).or_insert((0, path)).0 += 1;
            }
        }
    }
    assert!(defined.len() > 1000, "only {} items found", defined.len());
    let unused = defined.iter().filter(|(name, (count, path))| {
        // What the demo does on request, it does on the request of tests.
        let is_excused =
            ONLY_FOR_OTHERS.iter().any(|(other, _)| other == name) || path.starts_with("src/demo/");
        words[name.as_str()] <= *count && !is_excused
    });
    let unused: Vec<_> = unused.map(|(name, (_, path))| (name, path)).collect();
    assert!(unused.is_empty(), "nothing calls {unused:#?}");
}

#[test]
fn lengths_and_names_of_functions_are_read() {
    let text = "pub(crate) async fn a(\n    b: u8,\n) {\n}\nfn c() {}\n    pub fn d() {\n    }\n";
    let expected = [("a".to_owned(), 4), ("d".to_owned(), 2)];
    assert_eq!(functions(text), expected);
    assert_eq!(
        name_after("pub(in crate::api) const fn x<T>()", "fn").as_deref(),
        Some("x")
    );
    assert_eq!(name_after("let fn_name = 1;", "fn"), None);
}
