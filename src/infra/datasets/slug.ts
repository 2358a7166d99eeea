/** A key from a file or folder name: "My Shop (2024).csv" → "my-shop-2024-csv". */
export function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'catalogue' : slug.slice(0, 60);
}
