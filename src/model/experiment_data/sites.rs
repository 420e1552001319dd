//! Everything known about where a target's observations were seen, and the description of each observation that
//! follows from it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    CanonSite, ConformerSite, CrystalFormSite, Observation, ObservationId, Pose, Shortfall, Tag,
    TagCategory,
};

/// What a server says about sites, poses and tags of a target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sites {
    /// Sites.
    pub canonical: Vec<CanonSite>,
    /// Their conformations.
    pub conformers: Vec<ConformerSite>,
    /// Sites in crystal forms.
    pub crystal_forms: Vec<CrystalFormSite>,
    /// Poses.
    pub poses: Vec<Pose>,
    /// Tags.
    pub tags: Vec<Tag>,
    /// Kinds of tags.
    pub categories: Vec<TagCategory>,
    /// The names of those lists that the server does not offer.
    pub not_offered: Vec<&'static str>,
    /// What is missing from the lists that it does offer.
    pub shortfall: Shortfall,
}

/// Where an observation was seen, and what it is tagged with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObservationContext {
    /// The site by the name that users gave it, or else by its number.
    pub site: Option<String>,
    /// The residues around it.
    pub residues: Vec<String>,
    /// The conformation of the site.
    pub conformer_site: Option<String>,
    /// The site within the crystal form.
    pub crystal_form_site: Option<String>,
    /// The pose.
    pub pose: Option<String>,
    /// Whether it is the main observation of its pose.
    pub is_main: Option<bool>,
    /// Tags to filter by: without sites, which have columns of their own, and without hidden ones.
    pub tags: Vec<String>,
}

/// The server's names of tag categories and their labels, in the order of the list.
const CATEGORIES: [(&str, &str); 9] = [
    ("CanonSites", "Sites"),
    ("ConformerSites", "Conformer sites"),
    ("CrystalformSites", "Crystal form sites"),
    ("Quatassemblies", "Assemblies"),
    ("Crystalforms", "Crystal forms"),
    ("Pose", "Poses"),
    ("Series", "Series"),
    ("Forum", "Forum"),
    ("Other", "Other tags"),
];

/// Label of the tag categories that this program does not know.
const UNKNOWN: &str = "Other tags";

impl Sites {
    /// Returns a list; an empty one if the server does not offer it, which is recorded.
    pub fn take<T>(&mut self, name: &'static str, list: Option<(Vec<T>, bool)>) -> Vec<T> {
        let Some((rows, is_complete)) = list else {
            self.not_offered.push(name);
            return Vec::new();
        };
        self.shortfall.add_read(is_complete, 0);
        rows
    }

    /// Returns the kind of a tag in words.
    fn category(&self, tag: &Tag) -> &'static str {
        let own = self.categories.iter().find(|one| one.id == tag.category);
        let own = own.and_then(|one| one.category.get()).unwrap_or_default();
        let known = CATEGORIES.iter().find(|(name, _)| *name == own);
        known.map_or(UNKNOWN, |(_, words)| words)
    }

    /// Returns the description of each of the observations, in their order.
    pub fn settings(&self, observations: &[Observation]) -> Vec<ObservationContext> {
        let index = Index::new(self);
        observations.iter().map(|one| index.setting(one)).collect()
    }

    /// Returns the tags to filter by, each with its kind in words.
    pub fn tag_kinds(&self) -> impl Iterator<Item = (String, &'static str)> {
        let chosen_by = self.tags.iter().filter(|tag| !tag.hidden.0);
        chosen_by.filter_map(|tag| Some((tag.label()?, self.category(tag))))
    }
}

/// The lists, indexed by the numbers in the rows of observations.
struct Index<'a> {
    sites: BTreeMap<i64, &'a CanonSite>,
    conformers: BTreeMap<i64, &'a ConformerSite>,
    forms: BTreeMap<i64, &'a CrystalFormSite>,
    poses: BTreeMap<i64, &'a Pose>,
    /// The names that users gave to sites.
    named: BTreeMap<ObservationId, String>,
    tags: BTreeMap<ObservationId, BTreeSet<String>>,
}

impl<'a> Index<'a> {
    fn new(sites: &'a Sites) -> Self {
        let (mut named, mut tags) = (BTreeMap::new(), BTreeMap::<_, BTreeSet<String>>::new());
        for tag in &sites.tags {
            let Some(label) = tag.label() else { continue };
            let category = sites.category(tag);
            for id in &tag.site_observations {
                match category {
                    "Sites" => {
                        named.insert(*id, label.clone());
                    }
                    "Conformer sites" | "Crystal form sites" => {}
                    _ if tag.hidden.0 => {}
                    _ => {
                        tags.entry(*id).or_default().insert(label.clone());
                    }
                }
            }
        }
        Self {
            sites: by_id(&sites.canonical, |site| site.id.0),
            conformers: by_id(&sites.conformers, |site| site.id.0),
            forms: by_id(&sites.crystal_forms, |site| site.id.0),
            poses: by_id(&sites.poses, |pose| pose.id.0),
            named,
            tags,
        }
    }

    fn setting(&self, observation: &Observation) -> ObservationContext {
        let of = &observation.seen_at;
        let conformer = of.canon_site_conf.0.and_then(|id| self.conformers.get(&id));
        let site = conformer
            .and_then(|conformer| conformer.canon_site.0)
            .and_then(|id| self.sites.get(&id));
        let form = of.xtalform_site.0.and_then(|id| self.forms.get(&id));
        let pose = of.pose.0.and_then(|id| self.poses.get(&id));
        let numbered = || {
            let number = site?.canon_site_num.0?;
            Some(format!("site {number}"))
        };
        ObservationContext {
            site: self.named.get(&observation.id).cloned().or_else(numbered),
            residues: site.map(|site| site.residues.clone()).unwrap_or_default(),
            conformer_site: conformer.and_then(|one| one.name.get().map(str::to_owned)),
            crystal_form_site: form.and_then(|form| {
                match (form.xtalform_site_num.get(), form.xtalform_site_id.get()) {
                    (Some(letter), Some(name)) => Some(format!("{letter} - {name}")),
                    (one, other) => one.or(other).map(str::to_owned),
                }
            }),
            pose: pose.and_then(|pose| pose.display_name.get().map(str::to_owned)),
            is_main: pose
                .and_then(|pose| pose.main_site_observation.0)
                .map(|main| main == observation.id.0),
            tags: self
                .tags
                .get(&observation.id)
                .map(|tags| tags.iter().cloned().collect())
                .unwrap_or_default(),
        }
    }
}

fn by_id<T>(rows: &[T], id: impl Fn(&T) -> Option<i64>) -> BTreeMap<i64, &T> {
    rows.iter()
        .filter_map(|row| Some((id(row)?, row)))
        .collect()
}
