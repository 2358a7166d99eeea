export interface Delivery {
  readonly id: string;
  readonly messageId: string;
  readonly event: string | null;
  readonly jobId: string | null;
  readonly state: string;
  readonly attempts: number;
  readonly nextAt: string | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
}
export interface Hook {
  readonly id: string;
  readonly url: string;
  readonly isOn: boolean;
  readonly offReason: string | null;
  readonly failingSince: string | null;
  readonly deliveries: readonly Delivery[];
}
/** The payload of any of the mutations, or a failure. */
export interface WebhookAnswer {
  readonly webhook?: Hook;
  readonly delivery?: Delivery;
  readonly secret?: string;
  readonly replayed?: boolean;
  readonly deletedId?: string;
  readonly code?: string;
  readonly path?: readonly string[];
}
