//! Sites, poses and tags of a target: `/api/canon_sites/`, `/api/canon_site_confs/`, `/api/xtalform_sites/`,
//! `/api/poses/`, `/api/siteobservation_tag/`, `/api/tag_category/`.

use serde::de::DeserializeOwned;

use crate::{
    api::{ApiError, ApiResult, Client, ListAnswer},
    model::{CanonSite, ConformerSite, CrystalFormSite, Pose, Sites, Tag, TagCategory, TargetId},
};

/// The servers of 2024 have the first route (recorded), the documentation names the second.
const TAGS: [&str; 2] = ["/api/siteobservation_tag/", "/api/site_observation_tag/"];

impl Client {
    /// Returns what the server says about sites, poses and tags of a target. A list that it does not offer is empty,
    /// and named in [`Sites::not_offered`]; one that cannot be read now is an error.
    pub async fn sites(&self, target: TargetId) -> ApiResult<Sites> {
        let mut sites = Sites::default();
        // Concurrently: none depends on another.
        let (canonical, conformers, forms, poses, tags, categories) = tokio::try_join!(
            self.offered::<CanonSite>("/api/canon_sites/", Some(target)),
            self.offered::<ConformerSite>("/api/canon_site_confs/", Some(target)),
            self.offered::<CrystalFormSite>("/api/xtalform_sites/", Some(target)),
            self.offered::<Pose>("/api/poses/", Some(target)),
            self.tags(target),
            self.offered::<TagCategory>("/api/tag_category/", None),
        )?;
        sites.canonical = sites.take("sites", canonical);
        sites.conformers = sites.take("conformer sites", conformers);
        sites.crystal_forms = sites.take("crystal form sites", forms);
        sites.poses = sites.take("poses", poses);
        sites.tags = sites.take("tags", tags);
        sites.categories = sites.take("kinds of tags", categories);
        Ok(sites)
    }

    async fn tags(&self, target: TargetId) -> ApiResult<Option<(Vec<Tag>, bool)>> {
        let [first, second] = TAGS;
        match self.offered(first, Some(target)).await? {
            Some(tags) => Ok(Some(tags)),
            None => self.offered(second, Some(target)).await,
        }
    }

    /// Returns the rows of a list and whether they are complete; `None` if the server has no such list.
    async fn offered<T: DeserializeOwned + Send>(
        &self,
        path: &str,
        target: Option<TargetId>,
    ) -> ApiResult<Option<(Vec<T>, bool)>> {
        match self.list_of(path, target, |_| {}).await {
            Ok(ListAnswer { rows, complete, .. }) => Ok(Some((rows, complete))),
            Err(ApiError::NotOffered | ApiError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
