import { newId } from '../api/new-id.js';

interface Example {
  readonly query: string;
  readonly variables: string;
}

const files = import.meta.glob<string>('./examples/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** What an example needs besides its text, by the name of its file. */
const VARIABLES: Readonly<Record<string, object>> = {
  '02-generate': { key: newId() },
  '03-job-events': { jobId: '', after: null },
  '04-gallery': { words: 'fox' },
};

/** One tab each, in the order of the file names; the build checks them against the schema. */
export const EXAMPLES: Example[] = Object.entries(files)
  .sort(([a], [b]) => a.localeCompare(b))
  .map(([path, query]) => {
    const variables = VARIABLES[path.replace(/^.*\/|\.graphql$/g, '')];
    return { query, variables: variables ? JSON.stringify(variables, null, 2) : '' };
  });
