import { useEffect, useRef } from 'react';
import { Icon } from '../components/icon.js';
import { useNotice } from '../shell/notices.js';
import type { NewSecret } from './use-webhooks.js';

interface SecretNoteProps {
  readonly fresh: NewSecret;
  readonly onKept: () => void;
}

/** The only time that a secret is shown: it takes the focus, so that nobody misses it. */
export function SecretNote({ fresh: { url, secret }, onKept }: SecretNoteProps) {
  const field = useRef<HTMLInputElement>(null);
  const notice = useNotice();
  useEffect(() => {
    field.current?.focus();
  }, []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret);
      notice({ text: 'The secret is copied' });
    } catch {
      field.current?.select(); // over plain HTTP a page may not copy by itself
      notice({ text: 'This browser does not let the page copy. The secret is marked: copy it by hand.' });
    }
  };
  return (
    <section className="panel secret-note stack" aria-label="New secret">
      <h2>Keep this secret now</h2>
      <p className="small">
        It signs what is sent to <strong>{url}</strong>, and it is not shown again. Who loses it makes a new
        one.
      </p>
      <div className="secret-row">
        <input
          ref={field}
          className="input hash"
          readOnly
          aria-label="The secret"
          value={secret}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" className="button primary" onClick={() => void copy()}>
          <Icon name="copy" size={18} /> Copy
        </button>
      </div>
      <div>
        <button type="button" className="button slim" onClick={onKept}>
          I have kept it
        </button>
      </div>
    </section>
  );
}
