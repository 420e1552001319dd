//! Which codes go into which part: the server accepts 5,000 characters of them at once, and an unreliable connection
//! does better with fewer.

use crate::{
    downloads::DownloadError,
    model::{DownloadRequest, FileKind, PROTEINS_LIMIT},
};

/// Observations per part if the user asks for parts.
const USUAL: usize = 40;

/// Kinds that belong to the target and not to its observations: the first part fetches them for all.
const OF_THE_TARGET: [FileKind; 6] = [
    FileKind::CompoundSets,
    FileKind::SoakdbFiles,
    FileKind::YamlFiles,
    FileKind::ExtraFiles,
    FileKind::PymolScripts,
    FileKind::Readme,
];

/// Divides a list of codes into parts. Nothing is left out, and the order is kept.
pub(in crate::downloads) fn plan(
    codes: &[String],
    in_parts: bool,
) -> Result<Vec<Vec<String>>, DownloadError> {
    let most = if in_parts { USUAL } else { usize::MAX };
    let mut parts: Vec<Vec<String>> = Vec::new();
    let mut length = 0;
    for code in codes {
        if code.len() > PROTEINS_LIMIT {
            return Err(DownloadError::CodeTooLong {
                length: code.len(),
                limit: PROTEINS_LIMIT,
            });
        }
        let is_full =
            |part: &Vec<String>| part.len() >= most || length + 1 + code.len() > PROTEINS_LIMIT;
        if parts.last().is_none_or(is_full) {
            parts.push(Vec::new());
            length = 0;
        }
        if let Some(part) = parts.last_mut() {
            length += code.len() + usize::from(!part.is_empty());
            part.push(code.clone());
        }
    }
    // Without codes there is one part with everything.
    if parts.is_empty() {
        parts.push(Vec::new());
    }
    Ok(parts)
}

/// Returns the request for a part. `is_first` says that no other part is there yet.
pub(super) fn request_of(
    request: &DownloadRequest,
    codes: &[String],
    is_first: bool,
) -> DownloadRequest {
    let mut part = request.clone();
    part.codes = codes.to_vec();
    if !is_first {
        for kind in OF_THE_TARGET {
            part.files.set(kind, false);
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(count: usize, width: usize) -> Vec<String> {
        (0..count)
            .map(|number| format!("{number:0width$}"))
            .collect()
    }

    #[test]
    fn no_part_is_longer_than_the_server_accepts_and_no_code_is_lost() {
        for (count, width) in [(1, 5), (624, 7), (625, 7), (626, 7), (3000, 30), (7, 2000)] {
            let codes = codes(count, width);
            let parts = plan(&codes, false).unwrap();
            assert!(
                parts
                    .iter()
                    .all(|part| part.join(",").len() <= PROTEINS_LIMIT)
            );
            assert_eq!(parts.concat(), codes);
        }
        // As many as fit: 625 codes of 7 characters are 4,999 characters.
        assert_eq!(plan(&codes(625, 7), false).unwrap().len(), 1);
        assert_eq!(plan(&codes(626, 7), false).unwrap().len(), 2);
    }

    #[test]
    fn parts_are_small_when_the_user_asks_for_them() {
        let parts = plan(&codes(90, 6), true).unwrap();
        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [40, 40, 10]);
        assert_eq!(plan(&[], true).unwrap(), [Vec::<String>::new()]);
    }

    #[test]
    fn a_code_that_is_too_long_is_rejected() {
        let long = vec!["x".repeat(PROTEINS_LIMIT + 1)];
        assert!(matches!(
            plan(&long, false),
            Err(DownloadError::CodeTooLong { .. })
        ));
    }
}
