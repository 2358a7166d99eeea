import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const pages = ['README.md', 'CONTRIBUTING.md', ...pagesIn('docs')];

function pagesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.md')).map((name) => join(folder, name));
}

/** Addresses of a page's links and pictures that lead into this repository, without their anchors. */
function linksOf(page: string): string[] {
  const text = readFileSync(page, 'utf8').replace(/```.*?```/gs, '');
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target.replace(/#.*/, ''));
  return targets.filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

test('every link of the documentation leads to a file that is there', () => {
  const links = pages.flatMap((page) => linksOf(page).map((target) => ({ page, target })));
  expect(links.length).toBeGreaterThan(100);
  expect(links.filter(({ page, target }) => !existsSync(join(dirname(page), target)))).toEqual([]);
});

test('every test that the page of promises names is one, and every promise names something', () => {
  const rows = readFileSync('docs/promises.md', 'utf8').match(/^\| [JWSC]\d+ .*$/gm) ?? [];
  expect(rows).toHaveLength(10 + 6 + 6 + 8);
  const held = rows.map((row) => [...(row.split('|')[3] ?? '').matchAll(/\(\.\.\/([^)]+)\)/g)]);
  expect(held.filter((links) => links.length === 0)).toEqual([]);
  const named = held.flat().map(([, path = '']) => path);
  expect(named.filter((path) => !/\.test\.ts$|^test\/chaos\/main\.ts$|^bench\/\w+\.ts$/.test(path))).toEqual(
    [],
  );
});
