import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** `SCREENSHOTS=docs/images` renews the pictures of the documentation; otherwise they are left in a scratch folder. */
const FOLDER = process.env['SCREENSHOTS'] ?? 'test-output/screenshots';

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.evaluate(() =>
    Promise.all([...document.images].map((image) => image.decode().catch(() => null))),
  );
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
}
