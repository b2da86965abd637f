//! Listings, one by one: scores without a session, counts, deletion.

use abide_http::PathSegment;

use crate::types::{
    DeletionReply, ListingDeletion, ListingStats, Location, QuietnessBatch, QuietnessBatchReply, QuietnessReply,
};
use crate::{Client, Error, InvalidRequest, validate};

impl Client {
    /// Scores one location at once ("Get Quietness" page). Creates a listing where there is none.
    ///
    /// # Errors
    /// [`InvalidRequest`] before anything is sent, else what went wrong with the exchange.
    pub async fn quietness(&self, location: Location) -> Result<QuietnessReply, Error> {
        let Location { lat, lng } = location;
        validate::coordinates(&[location])?;
        self.body_of(self.generated.get_quietness(lat, lng).await, "getQuietness").await
    }

    /// Scores several locations at once, without a session ("Batch Quietness" page). For many, create a session.
    ///
    /// # Errors
    /// [`InvalidRequest`] before anything is sent, else what went wrong with the exchange.
    pub async fn quietness_batch(&self, locations: &[Location]) -> Result<QuietnessBatchReply, Error> {
        if locations.is_empty() {
            return Err(InvalidRequest::NoLocations.into());
        }
        validate::coordinates(locations)?;
        let body = QuietnessBatch { listings: locations.to_vec() };
        self.body_of(self.generated.get_quietness_batch(&body).await, "getQuietnessBatch").await
    }

    /// How many listings there are and may be; -1 where the plan has no limit.
    ///
    /// # Errors
    /// What went wrong with the exchange.
    pub async fn listing_stats(&self) -> Result<ListingStats, Error> {
        self.body_of(self.generated.get_listing_stats().await, "getListingStats").await
    }

    /// Deletes one listing for good. Deletions count against the plan and never come back.
    ///
    /// # Errors
    /// [`Error::is_not_found`] where there is no such listing, else what went wrong with the exchange.
    pub async fn delete_listing(&self, listing_id: &PathSegment) -> Result<DeletionReply, Error> {
        self.body_of(self.generated.delete_listing(listing_id).await, "deleteListing").await
    }

    /// Deletes the listing at a place, compared at 6 decimals, for good.
    ///
    /// # Errors
    /// [`Error::is_not_found`] where there is none, else as [`Client::quietness`].
    pub async fn delete_listing_at(&self, location: Location) -> Result<DeletionReply, Error> {
        let Location { lat, lng } = location;
        validate::coordinates(&[location])?;
        let outcome = self.generated.delete_listing_by_coordinates(lat, lng).await;
        self.body_of(outcome, "deleteListingByCoordinates").await
    }

    /// Deletes 1 to 100 listings for good; unknown ones are passed over, see `deleted_count`.
    ///
    /// # Errors
    /// [`InvalidRequest`] before anything is sent, else what went wrong with the exchange. A request that would pass the
    /// plan's deletions is refused as a whole.
    pub async fn delete_listings(&self, listing_ids: &[String]) -> Result<DeletionReply, Error> {
        validate::deletions(listing_ids.len())?;
        let body = ListingDeletion { listing_ids: listing_ids.to_vec() };
        self.body_of(self.generated.delete_listings(&body).await, "deleteListings").await
    }
}
