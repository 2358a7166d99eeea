import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** `SCREENSHOTS=docs/images` renews the pictures of the documentation; otherwise they are left in a scratch folder. */
const FOLDER = process.env['SCREENSHOTS'] ?? 'test-output/screenshots';

/** Run in the page: a picture that is still decoding would be missing. One far below is not even loaded: it would wait for ever. */
const PICTURES_DECODED = `Promise.all(
  [...document.images]
    .filter((image) => image.getBoundingClientRect().top < innerHeight)
    .map((image) => image.decode().catch(() => null)),
).then(() => 0)`;

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const notice = page.locator('.notice [aria-label="Dismiss"]');
  if (await notice.isVisible()) await notice.click({ timeout: 2_000 }).catch(() => undefined); // under a sheet it stays
  await page.evaluate('scrollTo(0, 0)');
  await page.evaluate(PICTURES_DECODED);
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
}
