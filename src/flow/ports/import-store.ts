export type ImportState = 'RUNNING' | 'DONE' | 'FAILED';
export interface ImportRun {
  readonly id: string;
  readonly format: string;
  readonly source: string;
  readonly state: ImportState;
  /** Rows already handled per source file: where a resumed run goes on. */
  readonly position: Readonly<Record<string, number>>;
  readonly rowsRead: number;
  readonly rowsAccepted: number;
  readonly rowsRejected: number;
}
export interface ImportRejection {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}
export interface ImportStore {
  /** The unfinished run of this format and source, or a new one. */
  open(format: string, source: string, at: Date): Promise<ImportRun>;
  /** Called in the transaction that stored the batch, so that position and rows agree after a crash. */
  advance(
    id: string,
    delta: {
      position: Record<string, number>;
      read: number;
      accepted: number;
      rejections: readonly ImportRejection[];
    },
  ): Promise<void>;
  close(id: string, state: ImportState, at: Date): Promise<ImportRun>;
  rejections(id: string, limit: number): Promise<ImportRejection[]>;
}
