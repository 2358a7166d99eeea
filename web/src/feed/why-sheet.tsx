import { useMutation, useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { problemOf } from '../api/problem-of.js';
import { Failure } from '../components/failure.js';
import { Picture } from '../components/picture.js';
import { Sheet } from '../components/sheet.js';
import { ApplyControlDocument, WhyDocument, type WhyQuery } from '../generated/graphql.js';
import { EvidenceLine } from './evidence-line.js';
import type { FeedEdge } from './answer.js';

type Explanation = NonNullable<WhyQuery['explain']>;

interface WhySheetProps {
  readonly edge: FeedEdge;
  readonly requestId: string;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

/** The reason in full: each claim with its evidence, and the answers a person can give to it. */
export function WhySheet({ edge, requestId, onClose, onChanged }: WhySheetProps) {
  const { data, error, refetch } = useQuery(WhyDocument, {
    variables: { requestId, contentId: edge.node.id },
    fetchPolicy: 'network-only',
  });
  const explanation = data?.explain;
  return (
    <Sheet title="Why is this here?" kind="side" onClose={onClose}>
      <div className="why-top">
        <Picture media={edge.node.media} sizes="92px" inset decorative />
        <div>
          <h3>{edge.node.title}</h3>
          <p>{explanation?.text ?? edge.explanation?.text}</p>
        </div>
      </div>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!explanation && !error && <p className="muted">Gathering the evidence</p>}
      {explanation && <Claims explanation={explanation} />}
      {explanation && (
        <Controls
          explanation={explanation}
          onDone={() => {
            onClose();
            onChanged();
          }}
        />
      )}
    </Sheet>
  );
}

function Claims({ explanation: { claims } }: { readonly explanation: Explanation }) {
  if (claims.length === 0) return null;
  return (
    <section>
      <h3>What this rests on</h3>
      <ul className="claims">
        {claims.map((claim, index) => (
          <li className="claim" key={index}>
            <div className="claim-head">
              <span>{claim.text}</span>
              <Share of={claim.contribution} />
            </div>
            {claim.evidence.map((evidence, at) => (
              <EvidenceLine key={at} evidence={evidence} />
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Less than half a percent is not worth a figure. */
const LEAST_SHARE = 0.005;

function Share({ of }: { readonly of: number | null }) {
  if (of === null || of < LEAST_SHARE) return null;
  return <span className="share numeric">{Math.round(of * 100)} % of its score</span>;
}

interface ControlsProps {
  readonly explanation: Explanation;
  readonly onDone: () => void;
}

function Controls({ explanation: { id, controls }, onDone }: ControlsProps) {
  const [apply, { loading }] = useMutation(ApplyControlDocument);
  const [problem, setProblem] = useState<string | null>(null);
  if (controls.length === 0) return null;
  const press = async ({ action, targetId }: (typeof controls)[number]) => {
    try {
      const { data } = await apply({ variables: { explanationId: id, action, targetId } });
      const said = problemOf(data?.applyControl);
      if (said === null) onDone();
      else setProblem(said);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'That did not work');
    }
  };
  return (
    <section>
      <h3>Answer back</h3>
      <div className="row">
        {controls.map((control) => (
          <button
            key={`${control.action} ${control.targetId}`}
            type="button"
            className="button slim"
            disabled={loading}
            onClick={() => void press(control)}
          >
            {control.label}
          </button>
        ))}
      </div>
      {problem !== null && <Failure error={new Error(problem)} />}
    </section>
  );
}
