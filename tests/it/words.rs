//! The words of comments and sentences: those of the field and of the Rust ecosystem, not a dialect of our own.

use std::{fs, path::Path};

/// Not in comments. `None` is called `None`, people are called users or "no one", and again is called again.
const NOT_IN_COMMENTS: [&str; 8] = [
    "nothing where",
    "nothing means",
    "nobody",
    "somebody",
    "whoever",
    "anew",
    "could not be had",
    "wish",
];

/// Not in what the program says either.
const NOT_IN_SENTENCES: [&str; 6] = [
    "anew",
    "whoever",
    "somebody",
    "could not be had",
    "of before",
    "take back",
];

/// Path below `src` and text of every source file.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let paths = crate::harness::files(&root);
    let is_source = |path: &String| {
        Path::new(path)
            .extension()
            .is_some_and(|ending| ending == "rs")
    };
    let read = |path: String| {
        let text = fs::read_to_string(root.join(&path)).unwrap();
        (path, text)
    };
    paths.into_iter().filter(is_source).map(read).collect()
}

/// Whether a text has these words, whatever their capitals, and not only as a part of longer ones.
fn has(text: &str, words: &str) -> bool {
    let text = text.to_lowercase();
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(words).any(|(at, _)| {
        !is_letter(text[..at].chars().next_back())
            && !is_letter(text[at + words.len()..].chars().next())
    })
}

/// Which of the words are in which of the texts, each with the place it comes from.
fn offences<'a>(words: &[&str], texts: impl Iterator<Item = (String, &'a str)>) -> Vec<String> {
    texts
        .flat_map(|(place, text)| {
            let found = words.iter().filter(move |words| has(text, words));
            found.map(move |words| format!("{place}: “{words}” in “{}”", text.trim()))
        })
        .collect()
}

#[test]
fn comments_use_the_words_of_the_ecosystem() {
    for (path, text) in sources() {
        let lines = text.lines().enumerate();
        let comments = lines.filter_map(|(number, line)| {
            let comment = line.trim_start().strip_prefix("//")?;
            Some((format!("src/{path}:{}", number + 1), comment))
        });
        let found = offences(&NOT_IN_COMMENTS, comments);
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn sentences_use_the_words_of_the_field() {
    let is_said = |path: &str| {
        !["demo", "table"]
            .iter()
            .any(|module| path.starts_with(module))
    };
    for (path, text) in sources().into_iter().filter(|(path, _)| is_said(path)) {
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let lines = code.lines().enumerate();
        let is_code =
            |line: &str| !line.trim_start().starts_with("//") && !line.contains("reason = ");
        let said = lines
            .filter(|(_, line)| is_code(line))
            .flat_map(|(number, line)| {
                let place = format!("src/{path}:{}", number + 1);
                line.split('"')
                    .skip(1)
                    .step_by(2)
                    .map(move |text| (place.clone(), text))
            });
        let found = offences(&NOT_IN_SENTENCES, said);
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn words_are_found_as_words() {
    assert!(has("Begin Anew.", "anew") && has("anew", "anew"));
    assert!(!has("renewal", "anew") && !has("a_wish_list", "wish"));
}
