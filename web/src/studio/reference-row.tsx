import { useState } from 'react';
import { sentenceOf } from '../api/sentence-of.js';
import { shortDate } from '../components/short-date.js';
import { useNotice } from '../shell/notices.js';
import type { Reference } from './use-references.js';

interface ReferenceRowProps {
  readonly reference: Reference;
  /** Left out where there is nothing to choose. */
  readonly chosen?: boolean;
  readonly onChoose?: () => void;
  readonly onRemove: () => Promise<void>;
}

/** A picture that was given: when, how large, and a way to delete it. It is never shown: no address leads to its bytes. */
export function ReferenceRow({ reference, chosen, onChoose, onRemove }: ReferenceRowProps) {
  const [removing, setRemoving] = useState(false);
  const notice = useNotice();
  const remove = () => {
    setRemoving(true);
    onRemove().catch((error: unknown) => {
      setRemoving(false);
      notice({ text: sentenceOf(error) });
    });
  };
  const { role, consentedAt, width, height } = reference;
  const size = width && height ? `, ${String(width)} × ${String(height)}` : '';
  const text = `${WORDS[role]} of ${shortDate(consentedAt)}${size}`;
  return (
    <li className="reference" data-reference={reference.id}>
      {onChoose ? (
        <label className="segment">
          <input type="radio" name={role} checked={chosen ?? false} onChange={onChoose} />
          <span>{text}</span>
        </label>
      ) : (
        <span>{text}</span>
      )}
      <button type="button" className="button slim" disabled={removing} onClick={remove}>
        {removing ? 'Deleting' : 'Delete'}
      </button>
    </li>
  );
}

const WORDS: Readonly<Record<Reference['role'], string>> = {
  SUBJECT: 'Thing',
  PERSON: 'Person',
  GARMENT: 'Garment',
};
