//! How large a download may become, judging by what was downloaded before.

use super::LibraryEntry;
use crate::{
    dataset::Dataset,
    model::{FileKind, FileSelection, TargetKey},
};

/// What an estimate is based on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EstimateBasis {
    /// Earlier downloads of the same target.
    SameTarget,
    /// Earlier downloads of other targets, for some of the files at least.
    OtherTargets,
}

/// How large a download may become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeEstimate {
    /// Bytes of all files for which there is a basis, rounded to two digits.
    pub bytes: u64,
    /// What it is based on.
    pub basis: EstimateBasis,
    /// Whether there is a basis for every requested kind of file.
    pub has_all_kinds: bool,
}

/// Estimates the size of these files for this number of observations: the mean for each observation and kind of file
/// in the folders on this disk, those of the same target first. `None` if they say nothing about any of the files.
pub fn estimated_size(
    entries: &[LibraryEntry],
    target: &TargetKey,
    files: &FileSelection,
    observations: usize,
) -> Option<SizeEstimate> {
    let datasets = || entries.iter().filter_map(LibraryEntry::dataset);
    let is_same = |dataset: &Dataset| dataset.target.as_ref() == Some(target);
    let (mut bytes, mut known, mut wanted) = (0.0, 0, 0);
    let mut basis = EstimateBasis::SameTarget;
    for kind in files.kinds() {
        wanted += 1;
        let same = datasets().filter(|dataset| is_same(dataset));
        let mean = mean_size(same.map(AsRef::as_ref), kind);
        let mean = mean.or_else(|| {
            let other = mean_size(datasets().map(AsRef::as_ref), kind)?;
            basis = EstimateBasis::OtherTargets;
            Some(other)
        });
        if let Some(mean) = mean {
            known += 1;
            bytes += mean * observations as f64;
        }
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a sum of sizes"
    )]
    (known > 0).then_some(SizeEstimate {
        bytes: two_digits(bytes) as u64,
        basis,
        has_all_kinds: known == wanted,
    })
}

/// Rounds to two significant digits: more would suggest false precision.
fn two_digits(number: f64) -> f64 {
    if number < 1.0 {
        return 0.0;
    }
    let unit = 10_f64.powf(number.log10().floor() - 1.0);
    (number / unit).round() * unit
}

/// Returns the mean size of one kind of file for each observation, over these folders, in bytes. A folder for which it
/// was requested says something about it even if nothing of it arrived.
fn mean_size<'a>(datasets: impl Iterator<Item = &'a Dataset>, kind: FileKind) -> Option<f64> {
    let (mut bytes, mut observations) = (0_u64, 0_usize);
    for dataset in datasets.filter(|dataset| dataset.observations > 0) {
        let mut counts = dataset.kinds.iter();
        let count = counts.find(|count| count.kind == kind.label());
        let request = dataset.request.as_ref();
        if count.is_some() || request.is_some_and(|request| request.files.has(kind)) {
            bytes += count.map_or(0, |count| count.bytes);
            observations += dataset.observations;
        }
    }
    (observations > 0).then(|| bytes as f64 / observations as f64)
}

#[cfg(test)]
mod tests {
    use super::two_digits;

    #[test]
    fn an_estimate_has_two_digits() {
        for (number, rounded) in [
            (0.0, 0.0),
            (7.0, 7.0),
            (951_465.0, 950_000.0),
            (1_996_000_000.0, 2_000_000_000.0),
        ] {
            assert!((two_digits(number) - rounded).abs() < 1e-3, "{number}");
        }
    }
}
