const KEY = 'vitrine.person';

/** External id of the demo person this browser looks as; null is a fresh guest. */
export function chosenPerson(): string | null {
  return localStorage.getItem(KEY);
}

export function choosePerson(externalId: string): void {
  localStorage.setItem(KEY, externalId);
}
