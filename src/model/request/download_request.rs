//! The contents of a download request.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::model::{FileKind, FileSelection, TargetKey};

/// Maximum number of characters that the server accepts in its list of codes (server-api 1.11).
pub const PROTEINS_LIMIT: usize = 5000;

/// What to download from which target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DownloadRequest {
    /// The target.
    pub target: TargetKey,
    /// Short codes of observations; empty means all of them.
    pub codes: Vec<String>,
    /// The kinds of files.
    pub files: FileSelection,
    /// Whether the server is to keep the archive permanently. Leaves a permanent trace there.
    pub static_link: bool,
}

impl DownloadRequest {
    /// Returns the codes as the server expects them: one text, separated by commas.
    pub fn proteins(&self) -> String {
        self.codes.join(",")
    }

    /// Returns the body of an order: every switch with an explicit value, because defaults differ between the
    /// documentation and each generation, and unknown keys do no harm (server-api 2.1, 6.9).
    pub fn body(&self) -> Value {
        let mut body = Map::new();
        body.insert("target_name".to_owned(), json!(self.target.title));
        body.insert(
            "target_access_string".to_owned(),
            json!(self.target.tas.as_str()),
        );
        body.insert("proteins".to_owned(), json!(self.proteins()));
        // Old servers fail when this key is missing.
        body.insert("file_url".to_owned(), json!(""));
        body.insert("static_link".to_owned(), json!(self.static_link));
        // tar.gz can be checked while it arrives; the answer shows which format was sent.
        body.insert("use_zip".to_owned(), json!(false));
        for kind in FileKind::ALL {
            // The servers put the laboratory's database into the extra files, and only there.
            let comes_with_it =
                kind == FileKind::ExtraFiles && self.files.has(FileKind::SoakdbFiles);
            let is_on = self.files.has(kind) || comes_with_it;
            body.insert(kind.parameter().to_owned(), json!(is_on));
        }
        Value::Object(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Preset, Tas};

    #[test]
    fn every_switch_is_sent_and_none_is_null() {
        let request = DownloadRequest {
            target: TargetKey {
                title: "Mpro".to_owned(),
                tas: Tas::new("lb18145-1"),
            },
            codes: vec!["a1".to_owned(), "a2".to_owned()],
            files: Preset::Structures.files(),
            static_link: false,
        };
        let body = request.body();
        for key in [
            "file_url",
            "proteins",
            "static_link",
            "use_zip",
            "compound_sets",
            "soakdb_files",
            "yaml_files",
        ] {
            assert!(body.get(key).is_some_and(|value| !value.is_null()), "{key}");
        }
        assert_eq!(body["all_aligned_structures"], true);
        assert_eq!(body["event_file"], false);
        assert_eq!(body["proteins"], "a1,a2");
    }
}
