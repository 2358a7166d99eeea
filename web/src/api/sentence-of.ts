/** What to tell a person about something that failed. */
export function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (/failed to fetch|networkerror|load failed|status code 50[234]/i.test(message)) {
    return 'The server cannot be reached. Check that it is running, then try again.';
  }
  return message === '' ? 'Something went wrong. Please try again.' : asSentence(message);
}

/** First letter up, full stop at the end. */
export function asSentence(text: string): string {
  const trimmed = text.trim();
  const start = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(start) ? start : `${start}.`;
}
