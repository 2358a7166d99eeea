import { Sheet } from '../components/sheet.js';
import { JobCard } from './job-card.js';
import { useJobs } from './jobs.js';
import { RemixOf } from './remix-of.js';
import { StudioForm } from './studio-form.js';

interface StudioSheetProps {
  readonly remix: string | null;
  readonly onClose: () => void;
}

/** "Make one for me": the wish above, the runs below. */
export function StudioSheet({ remix, onClose }: StudioSheetProps) {
  const { jobs } = useJobs();
  return (
    <Sheet title={remix === null ? 'Make one for me' : 'Remix'} kind="side" onClose={onClose}>
      {remix !== null && <RemixOf id={remix} />}
      <StudioForm key={remix ?? 'new'} remix={remix} />
      {jobs.length > 0 && (
        <section className="job-list" aria-label="In the making">
          {jobs.map((job) => (
            <JobCard key={job.id} job={job} />
          ))}
        </section>
      )}
    </Sheet>
  );
}
