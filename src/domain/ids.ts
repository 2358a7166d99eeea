declare const brand: unique symbol;

/** A string that the compiler keeps apart from every other kind of string. Cast once, at the door. */
export type Id<Name extends string> = string & { readonly [brand]: Name };

export type CatalogueId = Id<'CatalogueId'>;
export type ItemId = Id<'ItemId'>;
export type PersonId = Id<'PersonId'>;
export type EventId = Id<'EventId'>;
export type RequestId = Id<'RequestId'>;
export type ExplanationId = Id<'ExplanationId'>;
export type FacetId = Id<'FacetId'>;
export type JobId = Id<'JobId'>;
export type CollectionId = Id<'CollectionId'>;
export type ShareLinkId = Id<'ShareLinkId'>;
export type ModelVersionId = Id<'ModelVersionId'>;
export type ReferenceId = Id<'ReferenceId'>;
export type WebhookId = Id<'WebhookId'>;
export type WebhookDeliveryId = Id<'WebhookDeliveryId'>;
/** SHA-256 of the original bytes, in hex: the same bytes are stored once. */
export type MediaHash = Id<'MediaHash'>;
