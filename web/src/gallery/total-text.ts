/** How many pictures fit what is asked for; empty until the server has said it. */
export function totalText(total: number | null): string {
  if (total === null) return '';
  return total === 1 ? '1 picture' : `${String(total)} pictures`;
}
