//! Scripts for programs that show structures: generated here, never from a server.

/// A structure to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamedStructure {
    /// Its absolute path.
    pub(super) path: String,
    /// Short code of its observation.
    pub(super) name: String,
    /// The site at which it was seen; empty if it is unknown.
    pub(super) site: String,
}

/// Keeps the characters that are allowed in names by all of these programs.
fn plain(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let text: String = text
        .chars()
        .map(|letter| if is_plain(letter) { letter } else { '_' })
        .collect();
    if text.is_empty() {
        "_".to_owned()
    } else {
        text
    }
}

/// Returns a script for `PyMOL`: one group for each site. A path only ever appears in it as a string.
pub(super) fn pymol(structures: &[NamedStructure]) -> Option<String> {
    let rows: Vec<[String; 3]> = structures
        .iter()
        .map(|one| {
            let site = if one.site.is_empty() {
                String::new()
            } else {
                format!("site_{}", plain(&one.site))
            };
            [one.path.clone(), plain(&one.name), site]
        })
        .collect();
    // A list of strings is written the same way in both languages.
    let rows = serde_json::to_string(&rows).ok()?;
    Some(format!(
        "from pymol import cmd\n\nfor path, name, site in {rows}:\n    cmd.load(path, name)\n    if site:\n        cmd.group(site, name)\ncmd.orient()\n"
    ))
}

/// Returns commands for `ChimeraX`, in which the site precedes the name. `None` if a path cannot be written in them.
pub(super) fn chimerax(structures: &[NamedStructure]) -> Option<String> {
    let mut text = String::new();
    for one in structures {
        if one.path.contains(['"', '\n', '\r', ';']) || (one.path.contains('\\') && !cfg!(windows))
        {
            return None;
        }
        let name = if one.site.is_empty() {
            plain(&one.name)
        } else {
            format!("{} {}", plain(&one.site), plain(&one.name))
        };
        text.push_str(&format!("open \"{}\" name \"{name}\"\n", one.path));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(path: &str, name: &str, site: &str) -> NamedStructure {
        NamedStructure {
            path: path.to_owned(),
            name: name.to_owned(),
            site: site.to_owned(),
        }
    }

    #[test]
    fn nothing_in_a_name_becomes_a_command() {
        let odd = shown("/d/a\"); evil()\n.pdb", "A\"1; rm", "site'\nevil");
        let text = pymol(std::slice::from_ref(&odd)).unwrap();
        assert!(
            text.contains(r#"[["/d/a\"); evil()\n.pdb","A_1__rm","site_site__evil"]]"#),
            "{text}"
        );
        assert_eq!(text.lines().count(), 7);
        assert_eq!(chimerax(&[odd]), None);
        let text = chimerax(&[shown("/d/my data/A1.pdb", "A1", "active site")]).unwrap();
        assert_eq!(text, "open \"/d/my data/A1.pdb\" name \"active_site A1\"\n");
    }
}
