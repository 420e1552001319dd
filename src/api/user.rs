//! `/api/user/`: what the server thinks of the user (2025.10 and later).

use super::{ApiResult, Client};
use crate::model::UserInfo;

impl Client {
    /// Who the user is, what authenticator is asked, and the user's target access strings.
    ///
    /// # Errors
    /// [`super::ApiError::NotOffered`] on 2024 servers.
    pub async fn user(&self) -> ApiResult<UserInfo> {
        self.get_json("user", "/api/user/", &[]).await
    }
}
