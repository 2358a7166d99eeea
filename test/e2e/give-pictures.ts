import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { THUMB_WIDTHS } from './page-measures.js';

const PHOTO = { create: { width: 300, height: 400, channels: 3, background: '#aa5522' } } as const;

/** In the open studio: one picture for each role of a try-on, each only once its sentence is ticked. */
export async function givePictures(page: Page): Promise<void> {
  const sheet = page.locator('dialog');
  await sheet.locator('.segment', { hasText: 'Worn by me' }).click();
  const make = sheet.getByRole('button', { name: 'Make it' });
  const file = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await sharp(PHOTO).jpeg().toBuffer() };
  for (const role of ['You', 'The garment']) {
    const field = sheet.getByRole('group', { name: role, exact: true });
    const chooser = field.getByLabel(`A picture: ${role}`);
    expect(await chooser.isDisabled()).toBe(true);
    expect(await make.isDisabled()).toBe(true);
    await field.getByRole('checkbox').check();
    await chooser.setInputFiles(file);
    await field.locator('.reference', { hasText: '300 × 400' }).getByText('You agreed on').waitFor();
  }
  expect(await page.evaluate<number[]>(THUMB_WIDTHS)).toEqual([120, 120]);
  expect(await make.isEnabled()).toBe(true);
}
