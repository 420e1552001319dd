//! Conditions on rows, as scripts write them: `refinement_resolution<=1.5`.

use jiff::tz::TimeZone;

use super::{CellValue, Column, ColumnKind, Sheet, column::seconds, typed::duration};
use crate::model::{DateError, Period};

/// A condition on one column.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    field: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    Empty,
    Present,
    Is(String),
    IsNot(String),
    Contains(String),
    /// Below or above, inclusive or not.
    Compare(Comparison, String),
    /// Within a day, a month, a year.
    During(Period),
    NotDuring(Period),
    /// Before or after a period; moments within it count as equal.
    When(Comparison, Period),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    AtMost,
    More,
    AtLeast,
}

/// Why a condition cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// It contains no comparison.
    #[error(
        "“{0}” is not a condition. Write for example refinement_resolution<=1.5, space_group=C121, code~x03, pdb_code:present or pdb_code:empty"
    )]
    Unreadable(String),
    /// The column holds numbers or dates, and this is neither.
    #[error("“{value}” cannot be compared with {field}: write {what}")]
    NotComparable {
        /// The field.
        field: String,
        /// What was written.
        value: String,
        /// What would be valid.
        what: &'static str,
    },
    /// The column holds dates, and this is not one, or is ambiguous.
    #[error("{0}")]
    NoDate(#[from] DateError),
    /// There is no such column.
    #[error("Unknown field “{0}”")]
    UnknownField(String),
}

impl Filter {
    /// Parses `FIELD OP VALUE` (`=`, `!=`, `<`, `<=`, `>`, `>=`, `~` for "contains") or `FIELD:empty`,
    /// `FIELD:present`.
    pub fn parse(text: &str, columns: &[Column]) -> Result<Self, FilterError> {
        let (field, test) = split(text).ok_or_else(|| FilterError::Unreadable(text.to_owned()))?;
        let field = server_name(field);
        let Some(column) = columns.iter().find(|column| column.field == field) else {
            return Err(FilterError::UnknownField(field.to_owned()));
        };
        if column.kind == ColumnKind::Moment {
            return Ok(Self {
                field: field.to_owned(),
                test: about_time(test)?,
            });
        }
        if let Test::Is(value) | Test::IsNot(value) | Test::Compare(_, value) = &test
            && let Some(what) = expected_value(column.kind, value)
        {
            return Err(FilterError::NotComparable {
                field: field.to_owned(),
                value: value.clone(),
                what,
            });
        }
        Ok(Self {
            field: field.to_owned(),
            test,
        })
    }

    /// Returns `true` if the row passes. Empty cells pass only `:empty` and `!=`.
    pub fn passes(&self, sheet: &Sheet, row: usize) -> bool {
        let Some(place) = sheet.place(&self.field) else {
            return true;
        };
        // What the table shows as words may be given as the server's own value, too.
        let (cell, raw) = (sheet.cell(place, row), sheet.raw(place, row));
        let raw = raw.filter(|_| matches!(cell, CellValue::Text(_)));
        let is = |value: &str| {
            is_equal(&cell, value) || raw.is_some_and(|raw| raw.eq_ignore_ascii_case(value))
        };
        match &self.test {
            Test::Empty => cell.is_empty(),
            Test::Present => !cell.is_empty(),
            Test::Is(value) => is(value),
            Test::IsNot(value) => !is(value),
            Test::Contains(value) => {
                let text = sheet.text(place, row).to_lowercase();
                text.contains(&value.to_lowercase())
            }
            Test::During(period) => is_during(&cell, *period),
            Test::NotDuring(period) => !is_during(&cell, *period),
            Test::When(comparison, period) => {
                let CellValue::Moment(moment) = cell else {
                    return false;
                };
                match comparison {
                    Comparison::Less => moment < period.start,
                    Comparison::AtMost => moment < period.end,
                    Comparison::More => moment >= period.end,
                    Comparison::AtLeast => moment >= period.start,
                }
            }
            Test::Compare(comparison, value) => {
                let stands_for_words = sheet.column(place).is_some_and(Column::stands_for_words);
                let raw = raw.filter(|_| stands_for_words);
                let number = raw.and_then(|raw| raw.parse().ok());
                compare(&number.map_or(cell, CellValue::Number), *comparison, value)
            }
        }
    }
}

/// Makes a condition on points in time. Days are UTC days, in which the servers write them.
fn about_time(test: Test) -> Result<Test, DateError> {
    let period = |value: &str| Period::read(value, &TimeZone::UTC);
    Ok(match test {
        Test::Is(value) if value.is_empty() => Test::Empty,
        Test::IsNot(value) if value.is_empty() => Test::Present,
        Test::Is(value) => Test::During(period(&value)?),
        Test::IsNot(value) => Test::NotDuring(period(&value)?),
        Test::Compare(comparison, value) => Test::When(comparison, period(&value)?),
        other => other,
    })
}

fn is_during(cell: &CellValue<'_>, period: Period) -> bool {
    matches!(cell, CellValue::Moment(moment) if (period.start..period.end).contains(moment))
}

/// Returns the server's name of a field: the documentation uses another one for one field.
pub fn server_name(field: &str) -> &str {
    match field {
        "model_last_updated" => "model_last_updated_by",
        other => other,
    }
}

/// Returns what should have been written, if this value is not valid in such a column.
fn expected_value(kind: ColumnKind, value: &str) -> Option<&'static str> {
    let is_number = value.parse::<f64>().is_ok_and(f64::is_finite);
    match kind {
        ColumnKind::Number(_) | ColumnKind::Whole => (!is_number).then_some("a number"),
        ColumnKind::Duration => {
            (!is_number && number(value).is_none()).then_some("seconds, 2:15:30, or 2 h 15 min")
        }
        ColumnKind::Moment
        | ColumnKind::Text
        | ColumnKind::Code
        | ColumnKind::Category(_)
        | ColumnKind::Link
        | ColumnKind::List
        | ColumnKind::UnitCell => None,
    }
}

/// Parses a number or a duration; `None` if it is neither. A number alone is in the server's unit, which is seconds for
/// a duration.
fn number(value: &str) -> Option<f64> {
    let plain = value.parse().ok();
    plain.or_else(|| seconds(value)).or_else(|| duration(value))
}

fn split(text: &str) -> Option<(&str, Test)> {
    let at = text.find(['=', '!', '<', '>', '~', ':'])?;
    let (field, rest) = text.split_at(at);
    let rest = rest.trim();
    let value = |operator: &str| {
        rest.strip_prefix(operator)
            .map(|value| value.trim().to_owned())
    };
    let compare =
        |operator, comparison| value(operator).map(|value| Test::Compare(comparison, value));
    let test = match rest {
        ":empty" => Some(Test::Empty),
        ":present" => Some(Test::Present),
        _ => compare("<=", Comparison::AtMost)
            .or_else(|| compare(">=", Comparison::AtLeast))
            .or_else(|| value("!=").map(Test::IsNot))
            .or_else(|| compare("<", Comparison::Less))
            .or_else(|| compare(">", Comparison::More))
            .or_else(|| value("=").map(Test::Is))
            .or_else(|| value("~").map(Test::Contains)),
    }?;
    Some((field.trim(), test)).filter(|(field, _)| !field.is_empty())
}

fn is_equal(cell: &CellValue<'_>, value: &str) -> bool {
    match cell {
        CellValue::Empty => value.is_empty(),
        CellValue::Text(text) => text.eq_ignore_ascii_case(value),
        CellValue::Number(own) => number(value).is_some_and(|value| value.total_cmp(own).is_eq()),
        CellValue::Moment(moment) => moment.to_string().starts_with(value),
    }
}

/// Numbers as numbers, times by their ISO form, texts naturally.
fn compare(cell: &CellValue<'_>, comparison: Comparison, value: &str) -> bool {
    let order = match cell {
        CellValue::Empty => return false,
        CellValue::Number(own) => match number(value) {
            Some(value) => own.total_cmp(&value),
            None => return false,
        },
        CellValue::Text(text) => super::natural_cmp(text, value),
        CellValue::Moment(moment) => moment.to_string().as_str().cmp(value),
    };
    match comparison {
        Comparison::Less => order.is_lt(),
        Comparison::AtMost => order.is_le(),
        Comparison::More => order.is_gt(),
        Comparison::AtLeast => order.is_ge(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::sheet_of;

    #[test]
    fn conditions_are_read_and_applied() {
        let sheet = sheet_of(&[
            r#"{"id":1,"code":"Mpro-x0310","refinement_resolution":1.5,"type":1,"status":0,
            "soaking_time":"02:00:00","model_last_updated":4,"data_collection_date":"2024-03-14T12:00:00Z"}"#,
        ]);
        let columns = sheet.columns();
        for (condition, passes) in [
            ("refinement_resolution<=1.5", true),
            ("refinement_resolution < 1.5", false),
            ("refinement_resolution=1.50", true),
            ("refinement_rfree<1", false),
            ("refinement_rfree:empty", true),
            ("code:present", true),
            ("code~X03", true),
            ("code=mpro-x0310", true),
            ("code!=x", true),
            ("target=Mpro", true),
            ("data_collection_date>=2024-03-01", true),
            ("data_collection_date<2024-03-01", false),
            // On that day, at any time.
            ("data_collection_date=2024-03-14", true),
            ("data_collection_date<=2024-03-14", true),
            ("data_collection_date>2024-03-14", false),
            ("data_collection_date>=14 Mar 2024", true),
            ("data_collection_date>=14/03/2024", true),
            ("data_collection_date=March 2024", true),
            ("data_collection_date!=2024", false),
            ("data_collection_date<2024-03-14T12:00:00Z", false),
            ("status=0", true),
            ("status=new", true),
            ("status!=0", false),
            ("type>=1", true),
            ("type=0", false),
            ("soaking_time>=01:30:00", true),
            ("soaking_time>=1 h 30 min", true),
            ("soaking_time>2h", false),
            ("soaking_time<7200", false),
            ("model_last_updated=4", true),
        ] {
            let filter = Filter::parse(condition, columns).unwrap();
            assert_eq!(filter.passes(&sheet, 0), passes, "{condition}");
        }
    }

    #[test]
    fn invalid_conditions_are_reported() {
        let sheet = sheet_of(&[]);
        let columns = sheet.columns();
        assert!(matches!(
            Filter::parse("resolution", columns),
            Err(FilterError::Unreadable(_))
        ));
        assert!(matches!(
            Filter::parse("nonsense<1", columns),
            Err(FilterError::UnknownField(_))
        ));
        for odd in ["refinement_resolution<=abc", "soaking_time<soon"] {
            assert!(matches!(
                Filter::parse(odd, columns),
                Err(FilterError::NotComparable { .. })
            ));
        }
        for odd in [
            "date_refined>today",
            "data_collection_date>=06/03/2023",
            "data_collection_date=2023-02-30",
        ] {
            assert!(matches!(
                Filter::parse(odd, columns),
                Err(FilterError::NoDate(_))
            ));
        }
        assert!(matches!(
            Filter::parse("<1", columns),
            Err(FilterError::Unreadable(_))
        ));
    }
}
