//! The tables of an updated folder, as the server would write them for all of it at once.

use std::collections::BTreeSet;

use super::table_rows::{Row, join_lines, rows};

const TRUE: &str = "True";
const FALSE: &str = "False";

/// Returns the new table of observations, with the reused ones flagged as downloaded too. `None` if the table is not
/// as expected.
pub(crate) fn mark_downloaded(table: &str, keep: &BTreeSet<&str>) -> Option<String> {
    let rows = rows(table)?;
    let (heading, rest) = rows.split_first()?;
    let (code, downloaded) = (column(heading, "Code")?, column(heading, "Downloaded")?);
    let mut text = format!("{}\n", heading.raw);
    let mut marked = 0;
    for row in rest {
        let is_kept = row.fields.get(code).is_some_and(|code| keep.contains(code));
        let line = if is_kept {
            marked += 1;
            with_mark(row, downloaded)?
        } else {
            row.raw.to_owned()
        };
        text.push_str(&line);
        text.push('\n');
    }
    // A reused observation that is not in the table is no longer on the server.
    (marked == keep.len()).then_some(text)
}

fn column(heading: &Row<'_>, name: &str) -> Option<usize> {
    heading.fields.iter().position(|field| field.trim() == name)
}

/// Returns the row with its flag set. `None` if there is no flag: an unquoted comma has moved it.
fn with_mark(row: &Row<'_>, place: usize) -> Option<String> {
    match row.fields.get(place)? {
        TRUE => Some(row.raw.to_owned()),
        FALSE => {
            let start = start_of(row.raw, place)?;
            let (before, field) = row.raw.split_at_checked(start)?;
            Some(format!("{before}{}", field.replacen(FALSE, TRUE, 1)))
        }
        _ => None,
    }
}

/// Returns where a field of a row begins.
fn start_of(raw: &str, place: usize) -> Option<usize> {
    if place == 0 {
        return Some(0);
    }
    let mut is_quoted = false;
    let commas = raw.char_indices().filter(|(_, letter)| {
        is_quoted ^= *letter == '"';
        *letter == ',' && !is_quoted
    });
    commas.map(|(at, _)| at + 1).nth(place - 1)
}

/// Returns `true` if every row says in the right column whether it was downloaded.
pub(crate) fn is_regular(table: &str) -> bool {
    let rows = rows(table).unwrap_or_default();
    let place = rows
        .first()
        .and_then(|heading| column(heading, "Downloaded"));
    place.is_some_and(|place| {
        let mut marks = rows.iter().skip(1).map(|row| row.fields.get(place));
        marks.all(|mark| matches!(mark, Some(TRUE | FALSE)))
    })
}

/// Returns the SMILES of all rows flagged as downloaded, in the servers' own format.
fn smiles_by(metadata: &str) -> Option<String> {
    let rows = rows(metadata)?;
    let (heading, rest) = rows.split_first()?;
    let (smiles, downloaded) = (column(heading, "Smiles")?, column(heading, "Downloaded")?);
    let mut text = String::new();
    for row in rest {
        if row.fields.get(downloaded)? == TRUE {
            text.push_str(row.fields.get(smiles)?);
            text.push(',');
        }
    }
    Some(text)
}

/// The texts of an updated list of SMILES.
pub(crate) struct SmilesOf<'a> {
    pub(crate) old: &'a str,
    pub(crate) old_metadata: Option<&'a str>,
    pub(crate) new: &'a str,
    pub(crate) new_metadata: Option<&'a str>,
    /// Codes that are reused.
    pub(crate) keep: &'a BTreeSet<&'a str>,
    /// Their SMILES, if each of them has a file of its own.
    pub(crate) ligands: Option<BTreeSet<String>>,
}

/// Returns the list of SMILES. If the old list matches its table of observations, the new one does too; otherwise the
/// reused entries precede the new ones.
pub(crate) fn join_smiles(of: &SmilesOf<'_>) -> Option<String> {
    if let (Some(old), Some(new)) = (of.old_metadata, of.new_metadata)
        && smiles_by(old).is_some_and(|text| text == of.old)
        // An unquoted comma moves the flag, and an entry would be lost.
        && is_regular(new)
    {
        return smiles_by(new);
    }
    let kept: Option<BTreeSet<String>> = of.old_metadata.map(|table| {
        let rows = rows(table).unwrap_or_default();
        let places = rows
            .first()
            .and_then(|heading| Some((column(heading, "Code")?, column(heading, "Smiles")?)));
        let Some((code, smiles)) = places else {
            return BTreeSet::new();
        };
        rows.iter()
            .filter(|row| {
                row.fields
                    .get(code)
                    .is_some_and(|code| of.keep.contains(code))
            })
            .filter_map(|row| row.fields.get(smiles).map(str::to_owned))
            .collect()
    });
    let kept = kept.or_else(|| of.ligands.clone());
    let mut seen = BTreeSet::new();
    let is_kept = |entry: &&str| kept.as_ref().is_none_or(|kept| kept.contains(*entry));
    let all = entries(of.old).filter(is_kept).chain(entries(of.new));
    Some(
        all.filter(|entry| !entry.is_empty() && seen.insert(*entry))
            .fold(String::new(), |all, entry| all + entry + ","),
    )
}

fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '\n']).map(str::trim)
}

/// Returns the list of missing files: the lines about reused observations, and the new ones.
pub(crate) fn join_errors(
    old: &str,
    new: &str,
    order: &[String],
    keeps: impl Fn(&str, &str) -> bool,
) -> String {
    let mut lines = old.lines();
    let heading = lines.next().unwrap_or_default().to_owned();
    let kept: Vec<&str> = lines
        .filter(|line| {
            let mut columns = line.splitn(3, ',').map(|column| column.trim_matches('"'));
            let code = columns.nth(1).unwrap_or_default();
            keeps(code, columns.next().unwrap_or_default())
        })
        .collect();
    // The new list's heading comes first if the old list is empty.
    let old = [&[heading.as_str()][..], &kept].concat().join("\n");
    let joined = join_lines(&[new.to_owned(), old]);
    let (heading, lines) = joined.split_once('\n').unwrap_or((&joined, ""));
    let mut lines: Vec<&str> = lines.lines().collect();
    // Sorted by observation, as the server writes them.
    lines.sort_by_key(|line| {
        let code = line.split(',').nth(1).unwrap_or_default();
        order.iter().position(|it| it == code.trim_matches('"'))
    });
    lines
        .iter()
        .fold(format!("{heading}\n"), |all, line| all + line + "\n")
}

/// Returns the codes of a table of observations, in its order.
pub(crate) fn order_of(metadata: &str) -> Vec<String> {
    let rows = rows(metadata).unwrap_or_default();
    let Some(code) = rows.first().and_then(|heading| column(heading, "Code")) else {
        return Vec::new();
    };
    let codes = rows.iter().skip(1).filter_map(|row| row.fields.get(code));
    codes.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reused_rows_are_marked_and_others_are_unchanged() {
        let table = "\"Code\",\"Smiles\",\"Downloaded\",\"Site\"\n\"a\",\"C,\"\"N\"\"\",False,\"False\"\n\"b\",\"N\",True,\"x\"\n\"c\",\"O\",False,\"y\"\n";
        let keep = BTreeSet::from(["a"]);
        assert_eq!(
            mark_downloaded(table, &keep).unwrap(),
            table.replacen(",False,\"False\"", ",True,\"False\"", 1)
        );
        // One that is gone, and a row that a comma has broken.
        assert_eq!(mark_downloaded(table, &BTreeSet::from(["z"])), None);
        let broken = "Code,Comment,Downloaded\na,one, two,False\n";
        assert!(is_regular(table) && !is_regular(broken) && !is_regular(""));
        assert_eq!(mark_downloaded(broken, &keep), None);
    }

    #[test]
    fn smiles_keep_the_order_of_the_table() {
        let keep = BTreeSet::from(["a"]);
        let mut of = SmilesOf {
            old: "C,N,",
            old_metadata: Some("Code,Smiles,Downloaded\na,C,True\nb,N,True\n"),
            new: "O,",
            new_metadata: Some("Code,Smiles,Downloaded\nc,O,True\na,C,True\n"),
            keep: &keep,
            ligands: None,
        };
        assert_eq!(join_smiles(&of).unwrap(), "O,C,");
        // An unquoted comma precedes the flag of a new row: its SMILES must not be lost.
        let told = of
            .new_metadata
            .replace("Code,Name,Smiles,Downloaded\nc,x, y,O,True\na,z,C,True\n");
        assert_eq!(join_smiles(&of).unwrap(), "C,O,");
        of.new_metadata = told;
        of.old = "N\nC\n";
        assert_eq!(join_smiles(&of).unwrap(), "C,O,");
        of.old_metadata = None;
        assert_eq!(join_smiles(&of).unwrap(), "N,C,O,");
        of.ligands = Some(["C".to_owned()].into());
        assert_eq!(join_smiles(&of).unwrap(), "C,O,");
    }

    #[test]
    fn missing_files_are_listed_for_existing_observations() {
        let keeps = |code: &str, _: &str| code == "a";
        let old = "P,C,F\nx,a,1\nx,b,2\n";
        let order = order_of("Code,Downloaded\na,True\nc,True\n");
        let joined = join_errors(old, "P,C,F\nx,c,3\n", &order, keeps);
        assert_eq!(joined, "P,C,F\nx,a,1\nx,c,3\n");
        assert_eq!(join_errors(old, "", &[], keeps), "P,C,F\nx,a,1\n");
    }
}
