import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { screenshot } from './screenshot.js';

/** A name that leads nowhere, on any network. */
const NOWHERE = 'https://hooks.invalid/vitrine';

/** From the profile and back: adds a webhook that nobody answers, and does all that can be done with it. */
export async function visitWebhooks(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Manage webhooks' }).click();
  await add(page);
  const hook = page.getByRole('article', { name: NOWHERE });
  const delivery = (state: string) => hook.locator(`.delivery[data-state="${state}"]`);
  await hook.getByRole('button', { name: 'Send a test' }).click();
  await delivery('WAITING').getByText('no connection').waitFor();
  await hook.getByText('Failing', { exact: true }).waitFor();
  await screenshot(page, 'webhooks-desktop');
  await hook.getByRole('button', { name: 'Pause' }).click();
  await delivery('FAILED').waitFor();
  await hook.getByRole('button', { name: 'Switch on' }).click();
  await hook.getByText('On', { exact: true }).waitFor();
  await delivery('FAILED').getByRole('button', { name: 'Send again' }).click();
  await delivery('WAITING').waitFor();
  await hook.getByRole('button', { name: 'Remove' }).click();
  await hook.getByRole('button', { name: 'Remove for good' }).click();
  await hook.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Back to the profile' }).click();
}

async function add(page: Page): Promise<void> {
  const address = page.getByLabel('Address');
  const button = page.getByRole('button', { name: 'Add it' });
  await address.fill(NOWHERE.replace('https:', 'http:'));
  await button.click();
  await page.getByText('An https address was wanted').waitFor();
  await address.fill(NOWHERE);
  await button.click();
  const secret = page.getByLabel('The secret');
  await secret.waitFor();
  expect(await secret.inputValue()).toMatch(/^whsec_.{44}$/);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await secret.waitFor({ state: 'detached' });
}
