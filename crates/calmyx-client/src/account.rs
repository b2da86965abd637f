//! What the key may use and has used.

use crate::types::AccountUsage;
use crate::{Client, Error};

impl Client {
    /// Usage and limits of the plan ("Account Usage" page). The answer repeats the key, as a [`crate::Secret`].
    ///
    /// # Errors
    /// What went wrong with the exchange.
    pub async fn account_usage(&self) -> Result<AccountUsage, Error> {
        self.body_of(self.generated.get_account_usage().await, "getAccountUsage").await
    }
}
