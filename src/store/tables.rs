//! The last complete table of each server and user, so that it can be shown at once at the next start.
//!
//! One row per line, compressed; the first line describes the table, the last one proves that it is complete. A
//! damaged file is ignored: the table is loaded from the server again.

use std::{
    collections::HashMap,
    fs,
    io::{self, BufRead as _, BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{
    disk::{make_private, write_private},
    model::{CompoundNames, Lookups, RowSink as _, Target, TargetId, TargetKey},
    table::{News, Sheet, SheetBuilder},
};

/// The version of the file format.
const FORMAT: u32 = 1;
/// Precedes the rows of a target, followed by the index of the target.
const TARGET: char = '#';
/// Program starts within this time of each other count as one visit.
const SAME_VISIT: SignedDuration = SignedDuration::from_hours(12);
/// The last line, followed by the number of rows.
const END: &str = "end ";

/// A saved table.
#[derive(Clone, Debug)]
pub struct SavedTable {
    /// Its targets.
    pub targets: Vec<Target>,
    /// Names and versions for the ids in its rows.
    pub lookups: Lookups,
    /// Its rows.
    pub sheet: Sheet,
    /// When the server sent it.
    pub at: jiff::Zoned,
    /// What was new in it; `None` if there was no earlier one.
    pub news: Option<News>,
}

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    format: u32,
    at: jiff::Zoned,
    targets: Vec<SavedTarget>,
    compounds: Vec<(i64, CompoundNames)>,
    /// Tables that were saved before uploads were read have none.
    #[serde(default)]
    upload_versions: Vec<(i64, i64)>,
    #[serde(default)]
    news: Option<News>,
}

#[derive(Serialize, Deserialize)]
struct SavedTarget {
    id: TargetId,
    #[serde(flatten)]
    key: TargetKey,
    display_name: String,
    open: Option<bool>,
}

/// The folder in which tables are saved.
#[derive(Clone, Debug)]
pub struct TableStore(PathBuf);

impl TableStore {
    /// Creates the folder below the program's own; neither needs to exist.
    pub fn in_folder(data: &Path) -> Self {
        Self(data.join("tables"))
    }

    fn folder(&self, server: &str) -> PathBuf {
        self.0.join(file_name(server))
    }

    fn path(&self, server: &str, user: Option<&str>) -> PathBuf {
        let name = user.map_or_else(
            || "public".to_owned(),
            |user| format!("of-{}", file_name(user)),
        );
        self.folder(server).join(name).join("experiments.gz")
    }

    /// Returns the table that was saved for a user, or for everyone; `None` if there is no intact one. Blocks on the
    /// disk.
    pub fn read(&self, server: &str, user: Option<&str>) -> Option<SavedTable> {
        let file = fs::File::open(self.path(server, user)).ok()?;
        match read(BufReader::new(file)) {
            Ok(table) => Some(table),
            Err(error) => {
                tracing::warn!(%error, "a saved table could not be read");
                None
            }
        }
    }

    /// Saves a table, replacing the previous one. Returns what is new in it since the last visit, or `None` if there
    /// was no previous one. Blocks on the disk.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn replace(
        &self,
        server: &str,
        user: Option<&str>,
        mut table: SavedTable,
    ) -> io::Result<Option<News>> {
        table.news = self
            .read(server, user)
            .map(|previous| news_since(previous, &table));
        self.write(server, user, &table)?;
        Ok(table.news)
    }

    /// Saves a table. Blocks on the disk.
    fn write(&self, server: &str, user: Option<&str>, table: &SavedTable) -> io::Result<()> {
        let path = self.path(server, user);
        if let Some(folder) = path.parent() {
            make_private(folder)?;
        }
        self.forget_other_demos(server);
        write_private(&path, |file| {
            let mut out = GzEncoder::new(BufWriter::new(file), Compression::fast());
            write(&mut out, table)?;
            out.finish()?.flush()
        })
    }

    /// Removes the tables of earlier demos: a server on this computer is a demo, with a new address at every start.
    fn forget_other_demos(&self, server: &str) {
        let (own, demos) = (file_name(server), file_name("http://127.0.0.1:"));
        let entries = fs::read_dir(&self.0).into_iter().flatten();
        for entry in entries.filter_map(Result::ok) {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(&demos) && name != own {
                // A leftover does no harm; it can be removed later.
                fs::remove_dir_all(entry.path()).ok();
            }
        }
    }

    /// Removes all saved tables. Blocks on the disk.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn forget_all(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// Removes the saved tables of a server, for all its users. Blocks on the disk.
    pub fn forget(&self, server: &str) -> io::Result<()> {
        match fs::remove_dir_all(self.folder(server)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }
}

/// Returns what is new since the last visit. What was saved shortly before belongs to the same visit: then what was new
/// already stays new.
fn news_since(previous: SavedTable, now: &SavedTable) -> News {
    let is_same_visit = now.at.duration_since(&previous.at) < SAME_VISIT;
    let news = News::between(&previous.sheet, &now.sheet, previous.at);
    match previous.news.filter(|_| is_same_visit) {
        Some(earlier) => news.after(earlier),
        None => news,
    }
}

fn write(out: &mut impl io::Write, table: &SavedTable) -> io::Result<()> {
    let lookups = &table.lookups;
    let targets = table.targets.iter().map(|target| SavedTarget {
        id: target.id,
        key: target.key.clone(),
        display_name: target.display_name.clone(),
        open: target.open,
    });
    let head = Head {
        format: FORMAT,
        at: table.at.clone(),
        targets: targets.collect(),
        compounds: in_order(&lookups.compounds),
        upload_versions: in_order(&lookups.upload_versions),
        news: table.news.clone(),
    };
    serde_json::to_writer(&mut *out, &head)?;
    let mut before = None;
    for row in 0..table.sheet.len() {
        let target = table.sheet.target(row);
        if target != before {
            let place = table
                .targets
                .iter()
                .position(|known| Some(&known.key) == target);
            write!(out, "\n{TARGET}{}", place.unwrap_or_default())?;
            before = target;
        }
        out.write_all(b"\n")?;
        serde_json::to_writer(&mut *out, &table.sheet.fields_json(row))?;
    }
    write!(out, "\n{END}{}", table.sheet.len())
}

/// Returns the entries in a fixed order.
fn in_order<T: Clone>(map: &HashMap<i64, T>) -> Vec<(i64, T)> {
    let mut list: Vec<(i64, T)> = map.iter().map(|(id, value)| (*id, value.clone())).collect();
    list.sort_unstable_by_key(|(id, _)| *id);
    list
}

fn read(file: impl io::BufRead) -> io::Result<SavedTable> {
    let damaged = || io::Error::from(io::ErrorKind::InvalidData);
    let mut lines = BufReader::new(GzDecoder::new(file)).lines();
    let head: Head = serde_json::from_str(&lines.next().ok_or_else(damaged)??)?;
    if head.format != FORMAT {
        return Err(damaged());
    }
    let targets: Vec<Target> = head
        .targets
        .into_iter()
        .map(|target| Target {
            id: target.id,
            key: target.key,
            display_name: target.display_name,
            open: target.open,
        })
        .collect();
    let lookups = Lookups {
        compounds: head.compounds.into_iter().collect(),
        upload_versions: head.upload_versions.into_iter().collect(),
    };
    let mut builder = SheetBuilder::new(targets.clone());
    for line in lines {
        let line = line?;
        if let Some(place) = line.strip_prefix(TARGET) {
            builder.begin_target(place.parse().ok().ok_or_else(damaged)?);
        } else if let Some(count) = line.strip_prefix(END) {
            if count.parse() != Ok(builder.rows()) {
                return Err(damaged());
            }
            return Ok(SavedTable {
                sheet: builder.finish(&lookups),
                targets,
                lookups,
                at: head.at,
                news: head.news,
            });
        } else {
            builder.take(line.as_bytes())?;
        }
    }
    Err(damaged())
}

/// Returns a name that every system accepts, and that is different for every text.
pub(super) fn file_name(text: &str) -> String {
    let mut name = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' => name.push(char::from(byte)),
            _ => name.push_str(&format!("_{byte:02x}")),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::RowId, table::sheet_of};

    fn table(rows: &[&str]) -> SavedTable {
        let sheet = sheet_of(rows);
        let names = CompoundNames {
            name: Some("Z5".into()),
            smiles: None,
        };
        SavedTable {
            targets: sheet.target_list().to_vec(),
            lookups: Lookups {
                compounds: [(5, names)].into(),
                upload_versions: [(3, 2)].into(),
            },
            sheet,
            at: "2026-11-24T12:00:00+00:00[UTC]".parse().unwrap(),
            news: None,
        }
    }

    /// Returns a table that was saved a number of hours after the first one.
    fn later(rows: &[&str], hours: i64) -> SavedTable {
        let mut table = table(rows);
        table.at += SignedDuration::from_hours(hours);
        table
    }

    #[test]
    fn what_is_new_stays_new_until_the_next_visit() {
        let home = tempfile::tempdir().unwrap();
        let kept = TableStore::in_folder(home.path());
        let save = |table| kept.replace("s", None, table).unwrap();
        let more = [ROWS[0], ROWS[1], r#"{"id":3,"code":"c"}"#];
        assert_eq!(save(later(&ROWS, 0)), None);
        let news = save(later(&more, 24)).unwrap();
        assert_eq!(news.since, later(&ROWS, 0).at);
        assert_eq!(news.added, [RowId(3)].into());
        // The program was started again on the same day.
        assert_eq!(save(later(&more, 26)), Some(news));
        let news = save(later(&more, 50)).unwrap();
        assert_eq!(news.since, later(&more, 26).at);
        assert!(news.added.is_empty() && news.changed.is_empty());
    }

    const ROWS: [&str; 2] = [
        r#"{"id":1,"code":"a","refinement_rfree":0.25,"compounds":[5],"unit_cell_dimensions":[1,2,3]}"#,
        r##"{"id":2,"code":"#3","experiment_comments":"two\nlines\"","refinement_rfree":"odd","new":{"x":1}}"##,
    ];

    #[test]
    fn a_saved_table_is_restored_for_its_user_only() {
        let home = tempfile::tempdir().unwrap();
        let kept = TableStore::in_folder(home.path());
        let table = table(&ROWS);
        let server = "https://x.example";
        kept.write(server, Some("Alice"), &table).unwrap();
        assert!(kept.read(server, None).is_none());
        assert!(kept.read(server, Some("alice")).is_none());
        let again = kept.read(server, Some("Alice")).unwrap();
        assert_eq!(
            (again.at, again.targets),
            (table.at.clone(), table.targets.clone())
        );
        for row in 0..2 {
            assert_eq!(again.sheet.row_json(row), table.sheet.row_json(row));
        }
        let compound = again.sheet.place("compound").unwrap();
        assert_eq!(again.sheet.text(compound, 0), "Z5");
        kept.forget(server).unwrap();
        kept.forget(server).unwrap();
        assert!(kept.read(server, Some("Alice")).is_none());
    }

    #[test]
    fn a_damaged_file_is_rejected() {
        let home = tempfile::tempdir().unwrap();
        let kept = TableStore::in_folder(home.path());
        kept.write("s", None, &table(&ROWS)).unwrap();
        let path = kept.path("s", None);
        let good = fs::read(&path).unwrap();
        for at in 0..good.len() {
            fs::write(&path, &good[..at]).unwrap();
            assert!(kept.read("s", None).is_none(), "cut at {at}");
        }
        let mut wrong = 0;
        for at in 10..good.len() {
            let mut bytes = good.clone();
            bytes[at] ^= 4;
            fs::write(&path, &bytes).unwrap();
            wrong += usize::from(kept.read("s", None).is_some());
        }
        assert_eq!(wrong, 0, "flipped bits went unseen");
    }
}
