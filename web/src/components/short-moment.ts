import { shortDate } from './short-date.js';

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** A day and a time as the reader's clock shows them. */
export function shortMoment(iso: string): string {
  return `${shortDate(iso)}, ${time.format(new Date(iso))}`;
}
