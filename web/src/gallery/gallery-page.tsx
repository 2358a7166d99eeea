import { useDeferredValue, useEffect, useRef, useState } from 'react';
import { Blank } from '../components/blank.js';
import { Failure } from '../components/failure.js';
import { CardSkeletons } from '../feed/card-skeletons.js';
import { goTo } from '../shell/route.js';
import { JobCard } from '../studio/job-card.js';
import { isOver, type JobView } from '../studio/job-view.js';
import { useJobs } from '../studio/jobs.js';
import { GalleryBar } from './gallery-bar.js';
import { EVERYTHING, filterOf, type GalleryWish } from './gallery-wish.js';
import { SelectionBar } from './selection-bar.js';
import { useGallery, type Gallery } from './use-gallery.js';
import { useSelection, type Selection } from './use-selection.js';
import { WorkCard } from './work-card.js';

/** Typing "fox" asks the server once, not three times. */
const PAUSE_MS = 250;

/** What was made for this person, and what others made public. */
export function GalleryPage({ like }: { readonly like: string | null }) {
  const [words, setWords] = useState('');
  const [asked, setAsked] = useState(EVERYTHING);
  const text = useSettled(words.trim());
  const wish = { ...asked, text, similarTo: like };
  const gallery = useGallery(wish);
  const { jobs } = useJobs();
  const { selection, begin, end } = useSelection();
  useFinished(gallery, jobs);
  return (
    <div className="gallery">
      <div className="page-head">
        <div>
          <h1>Gallery</h1>
          <p>
            Made for you, and what others chose to share. Everything here was drawn by a model and says so.
          </p>
        </div>
        <button type="button" className="button primary" onClick={() => goTo({ studio: true })}>
          Make one for me
        </button>
      </div>
      <GalleryBar
        {...{ words, wish }}
        total={gallery.shown?.total ?? null}
        onWords={setWords}
        onChange={setAsked}
        onSelect={selection === null ? begin : null}
      />
      {like !== null && <LikeNote />}
      <InTheMaking jobs={jobs} />
      <Works gallery={gallery} wish={wish} selection={selection} />
      {selection && <SelectionBar ids={selection.ids} onEnd={end} />}
    </div>
  );
}

/** What came out stands in the gallery itself. */
function InTheMaking({ jobs }: { readonly jobs: readonly JobView[] }) {
  const open = jobs.filter((job) => !isOver(job) || job.made.length === 0);
  if (open.length === 0) return null;
  return (
    <section className="job-list" aria-label="In the making">
      {open.map((job) => (
        <JobCard key={job.id} job={job} />
      ))}
    </section>
  );
}

/** A work that came in the moment between reading the gallery and following it is read once more. */
function useFinished({ shown, retry }: Gallery, jobs: readonly JobView[]): void {
  const made = jobs.flatMap((job) => job.made.map(({ id }) => id)).join(' ');
  const asked = useRef(made);
  useEffect(() => {
    if (!shown || asked.current === made) return;
    asked.current = made;
    const known = new Set(shown.works.map(({ id }) => id));
    if (made.split(' ').some((id) => !known.has(id))) retry();
  }, [made, shown, retry]);
}

function LikeNote() {
  return (
    <p className="row muted">
      What looks like the picture you chose, nearest first.
      <button type="button" className="button quiet" onClick={() => goTo({ like: null })}>
        Show everything
      </button>
    </p>
  );
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return useDeferredValue(settled);
}

interface WorksProps {
  readonly gallery: Gallery;
  readonly wish: GalleryWish;
  readonly selection: Selection | null;
}

function Works({ gallery, wish, selection }: WorksProps) {
  const { shown, error, fresh, more, retry } = gallery;
  if (error !== null) return <Failure error={error} onRetry={retry} />;
  if (!shown) return <CardSkeletons count={10} />;
  if (shown.works.length === 0) return <Empty wish={wish} />;
  return (
    <>
      <div className="grid">
        {shown.works.map((work) => (
          <WorkCard
            key={work.id}
            work={work}
            fresh={fresh.has(work.id)}
            stacked={wish.groupVariants && work.stackSize > 1}
            reason={shown.reasons.get(work.id)}
            marked={selection?.ids.has(work.id) ?? false}
            onMark={selection?.toggle}
          />
        ))}
      </div>
      <div className="grid-end">
        {shown.hasMore && (
          <button type="button" className="button slim" onClick={more}>
            Show more
          </button>
        )}
      </div>
    </>
  );
}

function Empty({ wish }: { readonly wish: GalleryWish }) {
  const { text, favouritesOnly } = wish;
  if (text !== '') {
    return (
      <Blank icon="search" title={`Nothing found for “${text}”`}>
        <p className="muted">Try fewer or other words: titles, topics and your own prompts are searched.</p>
      </Blank>
    );
  }
  const others = Object.keys(filterOf({ ...wish, favouritesOnly: false }));
  if (others.length > 0) {
    return (
      <Blank icon="search" title="Nothing fits all of this">
        <p className="muted">Take away a filter, or look into another collection.</p>
      </Blank>
    );
  }
  return (
    <Blank
      icon={favouritesOnly ? 'heart' : 'spark'}
      title={favouritesOnly ? 'No favourites yet' : 'Nothing made yet'}
    >
      <p className="muted">
        {favouritesOnly
          ? 'Press the heart on a picture to find it here again.'
          : 'Make the first one. It takes a few words, or none at all.'}
      </p>
      {!favouritesOnly && (
        <button type="button" className="button primary" onClick={() => goTo({ studio: true })}>
          Make one for me
        </button>
      )}
    </Blank>
  );
}
