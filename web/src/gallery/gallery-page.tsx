import { useDeferredValue, useEffect, useRef, useState } from 'react';
import { Blank } from '../components/blank.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { CardSkeletons } from '../feed/card-skeletons.js';
import { goTo } from '../shell/route.js';
import { JobCard } from '../studio/job-card.js';
import { isOver, type JobView } from '../studio/job-view.js';
import { useJobs } from '../studio/jobs.js';
import { useGallery, type Gallery, type GalleryWish } from './use-gallery.js';
import { WorkCard } from './work-card.js';

/** Typing "fox" asks the server once, not three times. */
const PAUSE_MS = 250;

/** What was made for this person, and what others made public. */
export function GalleryPage() {
  const [words, setWords] = useState('');
  const [favouritesOnly, setFavouritesOnly] = useState(false);
  const text = useSettled(words.trim());
  const gallery = useGallery({ text, favouritesOnly });
  const { jobs } = useJobs();
  useFinished(gallery, jobs);
  // what came out stands in the gallery itself
  const open = jobs.filter((job) => !isOver(job) || job.made.length === 0);
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
      <div className="gallery-tools">
        <SearchBox words={words} onChange={setWords} />
        <label className="segment">
          <input
            type="checkbox"
            checked={favouritesOnly}
            onChange={(event) => setFavouritesOnly(event.target.checked)}
          />
          <span>Favourites only</span>
        </label>
        <Total gallery={gallery} />
      </div>
      {open.length > 0 && (
        <section className="job-list" aria-label="In the making">
          {open.map((job) => (
            <JobCard key={job.id} job={job} />
          ))}
        </section>
      )}
      <Works gallery={gallery} wish={{ text, favouritesOnly }} />
    </div>
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

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return useDeferredValue(settled);
}

function SearchBox({
  words,
  onChange,
}: {
  readonly words: string;
  readonly onChange: (words: string) => void;
}) {
  return (
    <div className="search-box">
      <Icon name="search" />
      <input
        className="input"
        type="search"
        aria-label="Search the gallery by words"
        value={words}
        maxLength={200}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

function Total({ gallery: { shown } }: { readonly gallery: Gallery }) {
  const total = shown?.total ?? null;
  return (
    <p className="muted small numeric" role="status">
      {total === null ? '' : total === 1 ? '1 picture' : `${String(total)} pictures`}
    </p>
  );
}

function Works({ gallery, wish }: { readonly gallery: Gallery; readonly wish: GalleryWish }) {
  const { shown, error, fresh, more, retry } = gallery;
  if (error !== null) return <Failure error={error} onRetry={retry} />;
  if (!shown) return <CardSkeletons count={10} />;
  if (shown.works.length === 0) return <Empty wish={wish} />;
  return (
    <>
      <div className="grid">
        {shown.works.map((work) => (
          <WorkCard key={work.id} work={work} fresh={fresh.has(work.id)} />
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

function Empty({ wish: { text, favouritesOnly } }: { readonly wish: GalleryWish }) {
  if (text !== '') {
    return (
      <Blank icon="search" title={`Nothing found for “${text}”`}>
        <p className="muted">Try fewer or other words: titles, topics and your own prompts are searched.</p>
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
