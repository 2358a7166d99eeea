/** What one caller may ask for. Every figure is a setting; these are what a page, an explorer and a test need, with room. */
export interface Limits {
  /** Levels of fields; introspection has its own guard in graphql-js. */
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly tokens: number;
  /** Fields after all fragments are spread: 40 nested fragments could otherwise double 40 times. */
  readonly selections: number;
  /** Points of one operation; see page-cost.ts. */
  readonly cost: number;
  readonly pointsPerMinute: number;
  readonly bodyBytes: number;
  readonly operationMs: number;
  readonly subscriptionsPerSocket: number;
  readonly socketsPerCaller: number;
  readonly socketInitMs: number;
  /** Between two pings; a socket that has not answered one by the next is cut. */
  readonly socketPingMs: number;
  /** A reader that leaves sent bytes lying for this long is closed with 1013, and resumes with its last cursor. */
  readonly slowReaderMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  depth: 10,
  aliases: 15,
  directives: 50,
  tokens: 1500,
  selections: 2000,
  cost: 10_000,
  pointsPerMinute: 200_000,
  bodyBytes: 100 * 1024,
  operationMs: 15_000,
  subscriptionsPerSocket: 20,
  socketsPerCaller: 10,
  socketInitMs: 10_000,
  socketPingMs: 30_000,
  slowReaderMs: 15_000,
};
