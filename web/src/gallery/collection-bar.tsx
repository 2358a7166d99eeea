import { useState, type SyntheticEvent } from 'react';
import { sentenceOf } from '../api/sentence-of.js';
import { Icon } from '../components/icon.js';
import { useNotice } from '../shell/notices.js';
import { useCollections } from './collections.js';

interface CollectionBarProps {
  readonly chosen: string | null;
  readonly onChoose: (id: string | null) => void;
}

/** The person's collections, to look into one, to share it, and to make a new one. */
export function CollectionBar({ chosen, onChoose }: CollectionBarProps) {
  const { all, share } = useCollections();
  const notice = useNotice();
  const copyLink = async (id: string) => {
    try {
      const address = await share(id);
      await navigator.clipboard.writeText(address);
      notice({ text: 'The link is copied. It works for 30 days and shows nothing private.' });
    } catch (error) {
      notice({ text: sentenceOf(error) });
    }
  };
  return (
    <div className="collections" role="group" aria-label="Collections">
      {all.map(({ id, name, smartFilter }) => (
        <button
          key={id}
          type="button"
          className="button slim"
          aria-pressed={chosen === id}
          onClick={() => onChoose(chosen === id ? null : id)}
        >
          {Boolean(smartFilter) && <Icon name="search" size={15} />} {name}
        </button>
      ))}
      {chosen !== null && (
        <button type="button" className="button quiet" onClick={() => void copyLink(chosen)}>
          Copy a link
        </button>
      )}
      <NewCollection onMade={onChoose} />
    </div>
  );
}

function NewCollection({ onMade }: { readonly onMade: (id: string) => void }) {
  const [name, setName] = useState<string | null>(null);
  const { save } = useCollections();
  const notice = useNotice();
  if (name === null) {
    return (
      <button type="button" className="button quiet" onClick={() => setName('')}>
        New collection
      </button>
    );
  }
  const make = async (event: SyntheticEvent) => {
    event.preventDefault();
    try {
      const { id } = await save({ name, add: [], remove: [], order: [] });
      setName(null);
      onMade(id);
    } catch (error) {
      notice({ text: sentenceOf(error) });
    }
  };
  return (
    <form className="row" onSubmit={(event) => void make(event)}>
      <input
        className="input"
        aria-label="Name of the new collection"
        value={name}
        maxLength={80}
        autoFocus
        onChange={(event) => setName(event.target.value)}
      />
      <button type="submit" className="button slim" disabled={name.trim() === ''}>
        Make it
      </button>
    </form>
  );
}
