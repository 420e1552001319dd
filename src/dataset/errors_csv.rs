//! The server's list of missing files (server-api 2.4).

/// One row. The third column may be absent or contain commas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ErrorLine<'a> {
    /// What was requested, by the server's name.
    pub(super) parameter: &'a str,
    /// The observation or the crystal.
    pub(super) code: &'a str,
    /// The missing file, if the server names one.
    pub(super) path: Option<&'a str>,
}

/// Reads the table; servers of 2024 quote nothing.
pub(super) fn lines(table: &str) -> Vec<ErrorLine<'_>> {
    let rows = table.lines().skip(1).filter(|line| !line.trim().is_empty());
    rows.map(|line| {
        let mut columns = line
            .splitn(3, ',')
            .map(|column| column.trim().trim_matches('"'));
        ErrorLine {
            parameter: columns.next().unwrap_or_default(),
            code: columns.next().unwrap_or_default(),
            path: columns
                .next()
                .filter(|path| !path.is_empty() && *path != "missing"),
        }
    })
    .collect()
}

impl ErrorLine<'_> {
    /// Returns the path, or what is missing for which code.
    pub(super) fn words(&self) -> String {
        match self.path {
            Some(path) => path.to_owned(),
            None => format!("{} ({})", self.code, self.parameter),
        }
    }
}
