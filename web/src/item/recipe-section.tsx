import type { GeneratedItemInFull } from './item.js';
/** Everything needed to make the same picture again. */
export function RecipeSection({ item: { recipe } }: { readonly item: GeneratedItemInFull }) {
  if (!recipe) return <p className="muted small">Its maker keeps the recipe private.</p>;
  const facts: [string, string | null][] = [
    ['words', recipe.prompt],
    ['style', recipe.style ?? null],
    ['seed', String(recipe.seed)],
    ['steps', String(recipe.steps)],
    ['guidance', String(recipe.guidance)],
    ['size', `${String(recipe.width)} × ${String(recipe.height)}`],
    ['model', recipe.modelName],
    ['changed by', recipe.strength === null ? null : `${String(Math.round(recipe.strength * 100))} %`],
    ['your tastes', recipe.facets.length === 0 ? 'none were used' : recipe.facets.join(', ')],
  ];
  return (
    <section aria-label="Recipe">
      <dl className="facts">
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}
