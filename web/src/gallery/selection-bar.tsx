import { useApolloClient } from '@apollo/client/react';
import { useState, type SyntheticEvent } from 'react';
import { problemOf } from '../api/problem-of.js';
import { sentenceOf } from '../api/sentence-of.js';
import { RestoreWorksDocument } from '../generated/graphql.js';
import { useNotice } from '../shell/notices.js';
import { runWorksJob } from './run-works-job.js';

interface SelectionBarProps {
  readonly ids: ReadonlySet<string>;
  readonly onEnd: () => void;
}

/** What can be done with all works that are marked. */
export function SelectionBar({ ids, onEnd }: SelectionBarProps) {
  const actions = useBulkActions([...ids], onEnd);
  const idle = !actions.busy && ids.size > 0;
  return (
    <div className="selection" role="group" aria-label="Marked works">
      <strong className="numeric" role="status">
        {actions.busy ? 'Working …' : `${String(ids.size)} marked`}
      </strong>
      <LabelForm disabled={!idle} onLabel={actions.label} />
      <button type="button" className="button slim" disabled={!idle} onClick={actions.pack}>
        Export
      </button>
      <button type="button" className="button slim" disabled={!idle} onClick={actions.remove}>
        Delete
      </button>
      <button type="button" className="button quiet" onClick={onEnd}>
        Done
      </button>
    </div>
  );
}

function useBulkActions(itemIds: readonly string[], onEnd: () => void) {
  const client = useApolloClient();
  const notice = useNotice();
  const [busy, setBusy] = useState(false);
  const count = itemIds.length === 1 ? '1 work' : `${String(itemIds.length)} works`;

  const run = (work: () => Promise<void>) => {
    setBusy(true);
    work()
      .then(onEnd, (error: unknown) => notice({ text: sentenceOf(error) }))
      .finally(() => setBusy(false));
  };
  const restore = async () => {
    const { data } = await client.mutate({
      mutation: RestoreWorksDocument,
      variables: { itemIds: [...itemIds] },
    });
    notice({ text: problemOf(data?.restoreWorks) ?? `${count} came back` });
  };
  return {
    busy,
    label: (label: string) =>
      run(async () => {
        await runWorksJob(client, { action: 'TAG', itemIds, label });
        notice({ text: `${count} labelled “${label}”. Only you see it.` });
      }),
    pack: () =>
      run(async () => {
        const { downloadUrl } = await runWorksJob(client, { action: 'EXPORT', itemIds });
        if (!downloadUrl) throw new Error('There is nothing to download');
        const open = () => window.location.assign(downloadUrl);
        notice({ text: `${count} packed`, action: { label: 'Download', run: open } });
      }),
    remove: () =>
      run(async () => {
        await runWorksJob(client, { action: 'DELETE', itemIds });
        const undo = () => void restore().catch((error: unknown) => notice({ text: sentenceOf(error) }));
        notice({ text: `${count} deleted`, action: { label: 'Undo', run: undo } });
      }),
  };
}

interface LabelFormProps {
  readonly disabled: boolean;
  readonly onLabel: (label: string) => void;
}

function LabelForm({ disabled, onLabel }: LabelFormProps) {
  const [label, setLabel] = useState('');
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    onLabel(label.trim());
  };
  return (
    <form className="row label-form" onSubmit={submit}>
      <input
        className="input"
        aria-label="A label for the marked works"
        placeholder="Label, e.g. holiday"
        value={label}
        maxLength={40}
        onChange={(event) => setLabel(event.target.value)}
      />
      <button type="submit" className="button slim" disabled={disabled || label.trim() === ''}>
        Label
      </button>
    </form>
  );
}
