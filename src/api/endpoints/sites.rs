//! Sites, poses and tags of a target: `/api/canon_sites/`, `/api/canon_site_confs/`, `/api/xtalform_sites/`,
//! `/api/poses/`, `/api/siteobservation_tag/`, `/api/tag_category/`.

use serde::de::DeserializeOwned;

use crate::{
    api::{ApiError, ApiResult, Client, ListAnswer},
    model::{
        CanonSite, ConformerSite, CrystalFormSite, Pose, Problem, Sites, Tag, TagCategory, TargetId,
    },
};

/// The rows of a list and whether they are complete; `None` if the server has no such list.
type Offered<T> = ApiResult<Option<(Vec<T>, bool)>>;

/// The servers of 2024 have the first route (recorded), the documentation names the second.
const TAGS: [&str; 2] = ["/api/siteobservation_tag/", "/api/site_observation_tag/"];

impl Client {
    /// Returns what the server says about sites, poses and tags of a target. A list that it does not offer is empty,
    /// and named in [`Sites::not_offered`]; one that cannot be read now is named in [`Sites::shortfall`].
    ///
    /// # Errors
    /// What concerns every list: the session, or the connection to the server.
    pub async fn sites(&self, target: TargetId) -> Result<Sites, Problem> {
        let mut sites = Sites::default();
        // Concurrently: none depends on another.
        let (canonical, conformers, forms, poses, tags, categories) = tokio::join!(
            self.offered::<CanonSite>("/api/canon_sites/", Some(target)),
            self.offered::<ConformerSite>("/api/canon_site_confs/", Some(target)),
            self.offered::<CrystalFormSite>("/api/xtalform_sites/", Some(target)),
            self.offered::<Pose>("/api/poses/", Some(target)),
            self.tags(target),
            self.offered::<TagCategory>("/api/tag_category/", None),
        );
        sites.canonical = take(&mut sites, "sites", canonical)?;
        sites.conformers = take(&mut sites, "conformer sites", conformers)?;
        sites.crystal_forms = take(&mut sites, "crystal form sites", forms)?;
        sites.poses = take(&mut sites, "poses", poses)?;
        sites.tags = take(&mut sites, "tags", tags)?;
        sites.categories = take(&mut sites, "kinds of tags", categories)?;
        Ok(sites)
    }

    async fn tags(&self, target: TargetId) -> Offered<Tag> {
        let [first, second] = TAGS;
        match self.offered(first, Some(target)).await? {
            Some(tags) => Ok(Some(tags)),
            None => self.offered(second, Some(target)).await,
        }
    }

    async fn offered<T: DeserializeOwned + Send>(
        &self,
        path: &str,
        target: Option<TargetId>,
    ) -> Offered<T> {
        match self.list_of(path, target, |_| {}).await {
            Ok(ListAnswer { rows, complete, .. }) => Ok(Some((rows, complete))),
            Err(ApiError::NotOffered | ApiError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Returns the rows of a list, and records in `sites` if there are none or if they could not be read.
fn take<T>(sites: &mut Sites, name: &'static str, list: Offered<T>) -> Result<Vec<T>, Problem> {
    match list {
        Ok(list) => Ok(sites.take(name, list)),
        Err(error) => {
            sites.shortfall.add_unread(name, error.problem())?;
            Ok(Vec::new())
        }
    }
}
