//! Which file of the crate uses which, read from the sources themselves: `use` trees, paths in the code, and
//! re-exports followed to the file in which a thing is written.

use std::collections::{BTreeMap, BTreeSet};

/// A module: its name from the root of the crate on.
pub(crate) type Module = Vec<String>;

/// The files of the crate, and what each of them imports.
pub(crate) struct Imports {
    modules: BTreeSet<Module>,
    /// The names that a module imports or re-exports, with their whole paths.
    names: BTreeMap<Module, BTreeMap<String, Module>>,
    /// Who uses whom, file by file.
    pub(crate) edges: BTreeMap<Module, BTreeSet<Module>>,
}

impl Imports {
    /// Reads all sources: their paths below `src`, and their text without comments and tests.
    pub(crate) fn read(sources: &BTreeMap<String, String>) -> Self {
        let modules = sources.keys().map(|path| module_of(path)).collect();
        let mut imports = Self {
            modules,
            names: BTreeMap::new(),
            edges: BTreeMap::new(),
        };
        for (path, text) in sources {
            let module = module_of(path);
            let names = uses(text)
                .into_iter()
                .flat_map(|(_, _, tree)| tree)
                .filter_map(|(path, alias)| {
                    let whole = imports.absolute(&module, &path)?;
                    Some((alias.or_else(|| path.last().cloned())?, whole))
                })
                .collect();
            imports.names.insert(module, names);
        }
        for (path, text) in sources {
            let module = module_of(path);
            let edges = imports.used_by(&module, text);
            imports.edges.insert(module, edges);
        }
        imports
    }

    /// Groups of files, or of folders, that import each other in a circle, with the folder that they are in. A
    /// folder's own `mod.rs` stands above what is in it and is no member of a circle.
    pub(crate) fn circles(&self) -> Vec<Vec<Module>> {
        let folders: BTreeSet<&[String]> = self
            .modules
            .iter()
            .filter_map(|module| Some(module.split_last()?.1))
            .collect();
        let mut circles = Vec::new();
        for folder in folders {
            let depth = folder.len() + 1;
            let child = |module: &Module| {
                (module.len() >= depth && module.starts_with(folder))
                    .then(|| module[..depth].to_vec())
            };
            let mut graph: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
            for (user, used) in &self.edges {
                let Some(user) = child(user) else { continue };
                let used = used.iter().filter_map(child).filter(|used| *used != user);
                graph.entry(user.clone()).or_default().extend(used);
            }
            circles.extend(in_circles(&graph));
        }
        circles
    }

    fn used_by(&self, module: &Module, text: &str) -> BTreeSet<Module> {
        let mut paths: Vec<Module> = Vec::new();
        let mut rest = String::new();
        let mut end = 0;
        for (span, is_public, tree) in uses(text) {
            rest.push_str(&text[end..span.0]);
            end = span.1;
            if !is_public {
                let tree = tree.into_iter();
                paths.extend(tree.filter_map(|(path, _)| self.absolute(module, &path)));
            }
        }
        rest.push_str(&text[end..]);
        for path in paths_in(&rest) {
            let head = &path[0];
            let own = self.names.get(module).and_then(|names| names.get(head));
            paths.extend(match own {
                Some(own) => Some([own, &path[1..]].concat()),
                None => self.absolute(module, &path),
            });
        }
        let found = paths.into_iter().map(|path| self.home(&path, 0));
        found
            .filter(|used| used != module && !used.is_empty())
            .collect()
    }

    /// The whole path; `None` for other crates.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Module> {
        let (head, rest) = path.split_first()?;
        match head.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([module, rest].concat()),
            "super" => {
                let up = path.iter().take_while(|part| *part == "super").count();
                let above = module.len().checked_sub(up)?;
                Some([&module[..above], &path[up..]].concat())
            }
            _ => {
                let own = [module.as_slice(), std::slice::from_ref(head)].concat();
                let is_child = self.modules.contains(&own);
                is_child.then(|| [module, path].concat())
            }
        }
    }

    /// The module in whose file a thing is written.
    fn home(&self, path: &[String], depth: usize) -> Module {
        let mut module = Module::new();
        for (at, part) in path.iter().enumerate() {
            let next = [module.as_slice(), std::slice::from_ref(part)].concat();
            let exported = self.names.get(&module).and_then(|names| names.get(part));
            let is_last = at + 1 == path.len();
            let leads_on = exported.filter(|whole| **whole != path && **whole != next);
            if self.modules.contains(&next) && !(is_last && leads_on.is_some()) {
                module = next;
                continue;
            }
            return match leads_on {
                Some(whole) if depth < 8 => {
                    self.home(&[whole, &path[at + 1..]].concat(), depth + 1)
                }
                _ => module,
            };
        }
        module
    }
}

fn module_of(path: &str) -> Module {
    let stem = path.trim_end_matches(".rs").trim_end_matches("/mod");
    stem.split('/').map(str::to_owned).collect()
}

type Leaf = (Module, Option<String>);
type Use = ((usize, usize), bool, Vec<Leaf>);

/// The `use` statements of a file: where they are, whether they are re-exports, and what they name.
fn uses(text: &str) -> Vec<Use> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let is_public = trimmed.starts_with("pub");
        let tree = match trimmed.split_once("use ") {
            Some((before, _))
                if before.is_empty() || (is_public && !before.contains(['{', '"', '='])) =>
            {
                start + (line.len() - trimmed.len()) + before.len() + "use ".len()
            }
            _ => {
                start += line.len();
                continue;
            }
        };
        let end = text[tree..]
            .find(';')
            .map_or(text.len(), |at| tree + at + 1);
        let mut leaves = Vec::new();
        leaves_of(&text[tree..end - 1], &[], &mut leaves);
        found.push(((tree, end), is_public, leaves));
        start += line.len();
    }
    found
}

/// The paths that a tree of `use` names, each with the name that it gets here.
fn leaves_of(tree: &str, before: &[String], leaves: &mut Vec<Leaf>) {
    let tree = tree.trim();
    if let Some(inner) = tree.strip_prefix('{') {
        let inner = inner.trim_end().trim_end_matches('}');
        let (mut depth, mut from) = (0, 0);
        for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    leaves_of(&inner[from..at], before, leaves);
                    from = at + 1;
                }
                _ => {}
            }
        }
        return;
    }
    let (head, rest) = match tree.split_once("::") {
        Some((head, rest)) => (head, Some(rest)),
        None => (tree, None),
    };
    let (head, alias) = match head.split_once(" as ") {
        Some((head, alias)) => (head.trim(), Some(alias.trim().to_owned())),
        None => (head.trim(), None),
    };
    let mut path = before.to_vec();
    let is_itself = head == "self" && !before.is_empty();
    if !is_itself && !head.is_empty() && head != "*" {
        path.push(head.to_owned());
    }
    match rest {
        Some(rest) => leaves_of(rest, &path, leaves),
        None if path.is_empty() || head.is_empty() => {}
        None => leaves.push((path, alias)),
    }
}

/// The paths of at least two parts in code.
fn paths_in(code: &str) -> Vec<Module> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    for (at, _) in code.match_indices("::") {
        let start = code[..at].rfind(|c: char| !is_part(c)).map_or(0, |before| {
            before + code[before..].chars().next().map_or(1, char::len_utf8)
        });
        // Only the beginning of a path.
        if start == at || code[..start].ends_with("::") || code[..start].ends_with('.') {
            continue;
        }
        let whole = &code[start..];
        let end = whole
            .find(|c: char| !is_part(c) && c != ':')
            .unwrap_or(whole.len());
        let parts = whole[..end].split("::").filter(|part| !part.is_empty());
        found.push(parts.map(str::to_owned).collect());
    }
    found
}

/// Returns the strongly connected components of a graph that contain a cycle.
fn in_circles(graph: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<Vec<Module>> {
    let reached = |from: &Module| {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&Module> = vec![from];
        while let Some(next) = open.pop() {
            for used in graph.get(next).into_iter().flatten() {
                if seen.insert(used.clone()) {
                    open.push(used);
                }
            }
        }
        seen
    };
    let reach: BTreeMap<&Module, BTreeSet<Module>> =
        graph.keys().map(|node| (node, reached(node))).collect();
    let mut groups = Vec::new();
    let mut known = BTreeSet::new();
    for (node, out) in &reach {
        if !out.contains(*node) || !known.insert((*node).clone()) {
            continue;
        }
        let back = |other: &&Module| reach.get(other).is_some_and(|it| it.contains(*node));
        let group: Vec<Module> = out.iter().filter(back).cloned().collect();
        known.extend(group.iter().cloned());
        groups.push(group);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(files: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        owned.collect()
    }

    #[test]
    fn a_circle_is_found_also_over_a_re_export_and_in_the_code() {
        let files = [
            ("a/mod.rs", "mod one;\nmod two;\npub use two::Two;\n"),
            ("a/one.rs", "use super::Two;\nfn f(_: Two) {}\n"),
            (
                "a/two.rs",
                "pub struct Two;\nfn g() { super::one::f(Two) }\n",
            ),
        ];
        let circles = Imports::read(&sources(&files)).circles();
        assert_eq!(circles.len(), 1, "{circles:?}");
        let without = files.map(|(path, text)| (path, text.replace("super::one::f(Two)", "")));
        let without: Vec<_> = without
            .iter()
            .map(|(path, text)| (*path, text.as_str()))
            .collect();
        assert!(Imports::read(&sources(&without)).circles().is_empty());
    }
}
