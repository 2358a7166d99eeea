/** What tests read of the answers to schema/operations, by operation. The schema itself is checked elsewhere. */
export interface Answers {
  Viewer: { viewer: { id: string; displayName: string; simulated: boolean } };
  DemoPeople: { demoPeople: { externalId: string }[] };
  Catalogues: { catalogues: { id: string; key: string; itemCount: number }[] };
  Models: { models: object[] };
  MainParameters: { mainParameters: string };
  Jobs: { viewer: { jobs: { nodes: JobAnswer[] } } };
  Feed: { recommendations: Page };
  MoreFeed: { recommendations: Page };
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
  Gallery: { gallery: { totalCount: number; pageInfo: PageInfo; edges: { node: Card }[] } };
  VerifyProvenance: { verifyProvenance: object | null };
  StartImport: { startBulk: JobResult };
  StartTraining: { startBulk: JobResult };
  StartEvaluation: { startBulk: JobResult };
  BulkJob: { bulkJob: object | null };
  Choices: { catalogues: object[] };
  RankerState: object;
  PromoteModel: { promoteModel: ModelMove };
  ShadowModel: { shadowModel: ModelMove };
  RetireModel: { retireModel: ModelMove };
  RollBackModel: { rollBackModel: ModelMove };
  ModelHistory: { models: object[] };
}

interface ModelMove {
  __typename: string;
  code: string;
  message: string;
  path: string[] | null;
  model: { version: string; state: string };
  previous: { version: string; state: string } | null;
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
interface JobAnswer {
  id: string;
  status: string;
  queuePosition: number | null;
  outputs: { item: Card | null }[];
}
interface JobResult {
  __typename: string;
  replayed: boolean;
  code: string;
  job: JobAnswer;
}
