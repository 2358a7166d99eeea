/** What tests read of the answers to schema/operations, by operation. The schema itself is checked elsewhere. */
export interface Answers {
  Viewer: { viewer: { id: string; displayName: string; simulated: boolean } };
  DemoPeople: { demoPeople: { externalId: string }[] };
  Catalogues: { catalogues: { id: string; key: string; itemCount: number }[] };
  Models: { models: object[] };
  MainParameters: { mainParameters: string };
  Jobs: {
    viewer: {
      jobs: { pageInfo: PageInfo; nodes: JobAnswer[] };
    };
  };
  Feed: { recommendations: Page };
  MoreFeed: { recommendations: Page };
  FeedForGoal: { recommendations: Page & { degraded: { reason: string } | null } };
  FeedForRequest: { recommendations: Page };
  Explain: { explain: Reason | null };
  Item: { node: object | null };
  Profile: { viewer: { profile: ProfileAnswer } };
  RecordEvents: { recordEvents: object };
  UndoEvent: { undoEvent: object };
  ApplyControl: { applyControl: { __typename: string } };
  AdjustProfile: { adjustProfile: { __typename: string; profile: ProfileAnswer } };
  SetConsent: { setConsent: { __typename: string; profile: ProfileAnswer } };
  Generate: { generate: JobResult };
  Remix: { generate: JobResult };
  RetryJob: { retryJob: JobResult };
  CancelJob: { cancelJob: JobResult };
  Job: { job: JobAnswer | null };
  SetFavourite: { setFavourite: object };
  SetVisibility: { setVisibility: object };
  Gallery: {
    gallery: { totalCount: number; pageInfo: PageInfo; edges: WorkEdge[] };
  };
  GalleryFacets: { gallery: { facets: { counts: { field: string; value: string; count: number }[] } } };
  SaveCollection: { saveCollection: CollectionAnswer };
  Collections: { viewer: { collections: { nodes: { id: string; name: string }[] } } };
  CollectionWorks: { node: { items: { edges: { node: Card }[] } } | null };
  ShareCollection: { shareCollection: CollectionAnswer & { link: { token: string } } };
  RevokeShareLink: { revokeShareLink: CollectionAnswer };
  SharedCollection: { sharedCollection: { name: string; items: { edges: { node: Card }[] } } | null };
  RemoveCollection: { removeCollection: CollectionAnswer };
  RateItem: { rateItem: object };
  TagItem: { tagItem: object };
  StartWorksJob: { startWorksJob: JobResult };
  WorksJob: { worksJob: { status: string; rowsAccepted: number; downloadUrl: string | null } | null };
  RestoreWorks: { restoreWorks: { items: { id: string }[] } };
  VerifyProvenance: { verifyProvenance: object | null };
  ManifestKeys: { manifestKeys: { keyId: string; publicKey: string; signsNow: boolean }[] };
  StartImport: { startBulk: JobResult };
  StartTraining: { startBulk: JobResult };
  StartEvaluation: { startBulk: JobResult };
  BulkJob: { bulkJob: object | null };
  Choices: { catalogues: object[] };
  RankerState: object;
  FindByFacets: { findByFacets: FacetAnswer };
  Ground: { ground: ListAnswer };
  Session: { session: ListAnswer & { degraded: { reason: string } | null } };
  PromoteModel: { promoteModel: ModelMove };
  ShadowModel: { shadowModel: ModelMove };
  RetireModel: { retireModel: ModelMove };
  RollBackModel: { rollBackModel: ModelMove };
  ModelHistory: { models: object[] };
  CodeHealth: { codeHealth: CodeHealthAnswer | null };
  MovedCodes: {
    movedCodes: { totalCount: number; edges: { node: { before: number[]; after: number[] } }[] };
  };
  RefreshCodes: { startBulk: JobResult };
  SemanticId: { node: { title: string; semanticId: number[] | null } | null };
  Imagine: { imagine: ImagineAnswer };
  CreateUpload: { createUpload: UploadAnswer };
  DeleteReferencePicture: { deleteReferencePicture: { __typename: string; code: string; replayed: boolean } };
  ReferencePictures: {
    viewer: {
      referencePictures: {
        id: string;
        storedAt: string | null;
        width: number | null;
        aiMarked: boolean | null;
        thumbnailUrl: string | null;
      }[];
    };
  };
  EstimateGeneration: {
    estimateGeneration: { amount: number; leftToday: number; affordable: boolean; model: string };
  };
  PictureOffers: {
    pictureOffers: { kind: string; wants: string[]; startsFromWork: boolean; takesStrength: boolean }[];
  };
}

interface CollectionAnswer {
  __typename: string;
  code: string;
  message: string;
  collection: { id: string; name: string; version: number; links: { token: string }[] };
}
interface WorkEdge {
  node: Card;
  relevance: number | null;
  explanation: Reason | null;
}

interface ModelMove {
  __typename: string;
  code: string;
  message: string;
  path: string[] | null;
  model: { version: string; state: string };
  previous: { version: string; state: string } | null;
}

interface CodeHealthAnswer {
  tokenizer: string;
  items: number;
  uniqueRate: number;
  levels: { codes: number; dead: number; entropy: number; perplexity: number }[];
  examples: { code: number[]; words: string | null; content: { title: string } | null }[];
  change: { since: { id: string }; shared: number; moved: number; movedShare: number; added: number } | null;
}
interface ListAnswer {
  requestId: string;
  nodes: { id: string; title: string }[];
}
interface FacetAnswer {
  results: ListAnswer & { totalCount: number };
  matches: { content: { id: string }; facets: { attribute: string; words: string; score: number }[] }[];
}
interface PageInfo {
  hasNextPage: boolean;
  endCursor: string;
}
export interface Card {
  id: string;
  title: string;
  media: { url: string } | null;
}
export interface Reason {
  id: string;
  text: string;
  groundedShare: number;
  claims: { text: string; start: number; end: number; evidence: object[] }[];
  controls: { action: string; targetId: string }[];
}
interface Page {
  requestId: string;
  profiled: boolean;
  pageInfo: PageInfo;
  edges: { position: number; node: Card; explanation: Reason | null }[];
}
interface ProfileAnswer {
  profilingEnabled: boolean;
  facets: { id: string; label: string; weight: number; origin: string }[];
}
export interface ImagineAnswer {
  __typename: string;
  code: string;
  message: string;
  source: string;
  distance: number;
  percentile: number;
  uncertainty: number | null;
  steps: number | null;
  guidance: number | null;
  model: { version: string } | null;
  facets: { attribute: string; value: string; weight: number }[];
  nearest: { similarity: number; seen: boolean; node: Card | null }[];
}
interface UploadAnswer {
  __typename: string;
  code: string;
  message: string;
  path: string[] | null;
  reference: { id: string; consentText: string };
  uploadUrl: string;
  replayed: boolean;
}
interface JobAnswer {
  id: string;
  status: string;
  failure: { code: string; message: string; provider: string | null } | null;
  cost: { reserved: number; charged: number; refunded: number; currency: string };
  maxAttempts: number;
  queuePosition: number | null;
  bundle: { palette: string[]; style: string | null; subjects: string[] } | null;
  outputs: { index: number; item: Card | null; withheld: { code: string; message: string } | null }[];
}
interface JobResult {
  __typename: string;
  replayed: boolean;
  code: string;
  message: string;
  job: JobAnswer;
}
