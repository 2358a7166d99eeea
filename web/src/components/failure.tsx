import { sentenceOf } from '../api/sentence-of.js';

interface FailureProps {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
}

export function Failure({ error, onRetry }: FailureProps) {
  return (
    <div className="message problem" role="alert">
      <p>{sentenceOf(error)}</p>
      {onRetry && (
        <button type="button" className="button slim" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
