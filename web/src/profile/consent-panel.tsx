import { useMutation } from '@apollo/client/react';
import { problemOf } from '../api/problem-of.js';
import { sentenceOf } from '../api/sentence-of.js';
import {
  SetConsentDocument,
  type SetConsentMutationVariables,
  type ProfileQuery,
} from '../generated/graphql.js';
import { useNotice } from '../shell/notices.js';

interface ConsentPanelProps {
  readonly consent: ProfileQuery['viewer']['consent'];
  readonly onChanged: () => void;
}

/** Profiling and training use, each with a switch of its own. */
export function ConsentPanel({ consent, onChanged }: ConsentPanelProps) {
  const [setConsent, { loading }] = useMutation(SetConsentDocument);
  const notice = useNotice();
  const change = async (variables: SetConsentMutationVariables) => {
    try {
      const { data } = await setConsent({ variables });
      notice({ text: problemOf(data?.setConsent) ?? 'Saved. It holds from the next answer on.' });
      onChanged();
    } catch (error) {
      notice({ text: sentenceOf(error) });
    }
  };
  return (
    <section className="panel">
      <h2>What may be used</h2>
      <label className="switch">
        <span>
          <strong>Profiling</strong>
          <br />
          <span className="small muted">Off: you see what everybody sees.</span>
        </span>
        <input
          type="checkbox"
          role="switch"
          checked={consent.personalisation}
          disabled={loading}
          onChange={(event) => void change({ personalisation: event.target.checked })}
        />
      </label>
      <label className="switch">
        <span>
          <strong>Training</strong>
          <br />
          <span className="small muted">Off: the ranker does not learn from what you do.</span>
        </span>
        <input
          type="checkbox"
          role="switch"
          checked={consent.trainingUse}
          disabled={loading}
          onChange={(event) => void change({ trainingUse: event.target.checked })}
        />
      </label>
    </section>
  );
}
