import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { Avatar } from '../components/avatar.js';
import { Sheet } from '../components/sheet.js';
import { ViewerDocument } from '../generated/graphql.js';
import { PeopleList } from './people-list.js';

/** Whose window this is; opens the list of demo people. */
export function PersonMenu() {
  const [open, setOpen] = useState(false);
  const { data } = useQuery(ViewerDocument);
  const name = data?.viewer.displayName ?? 'Guest';
  const close = () => setOpen(false);
  return (
    <>
      <button
        type="button"
        className="person-button"
        aria-haspopup="dialog"
        aria-label={`Looking as ${name}. Choose a person`}
        onClick={() => setOpen(true)}
      >
        <Avatar name={name} />
        <span>{name}</span>
      </button>
      {open && (
        <Sheet title="Look as" kind="side" onClose={close}>
          <p className="muted small">
            Simulated people with tastes of their own. Choose one, and the page becomes theirs.
          </p>
          <PeopleList kind="list" onChosen={close} />
        </Sheet>
      )}
    </>
  );
}
