/** The visible label on everything that a model made (EU AI Act, art. 50). */
export function MadeBadge({ label }: { readonly label?: string | null | undefined }) {
  return <span className="badge made">{label ?? 'Made by AI'}</span>;
}
