import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { givePictures } from './give-pictures.js';
import { installedBrowser, openBrowser } from './installed-browser.js';
import { BAR_HEIGHT, COLUMNS, OVERFLOW, SHEET_OVERFLOW, THUMB_WIDTHS } from './page-measures.js';
import { startVitrine, type RunningVitrine } from './running-vitrine.js';
import { screenshot } from './screenshot.js';
import { visitWebhooks } from './visit-webhooks.js';
import { watchedPage, type WatchedPage } from './watched-page.js';

const executable = installedBrowser();
const inBrowser = executable === null ? describe.skip : describe;
if (executable === null) process.stdout.write('skipped: no browser\n');

jest.setTimeout(240_000);
/** One picture on a busy machine. */
const PICTURE_MS = 120_000;
/** Without motion: the tests wait for what is there, not for how it glides in. */
const STILL = { reducedMotion: 'reduce' } as const;
const DESKTOP = { viewport: { width: 1280, height: 900 }, ...STILL };
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, ...STILL };

/** In px, of the bar above the gallery. */
const TWO_ROWS = 110;

inBrowser('a visit', () => {
  let vitrine: RunningVitrine;
  let browser: Browser;
  let visit: WatchedPage;
  let page: Page;
  let work: string;

  beforeAll(async () => {
    [vitrine, browser] = await Promise.all([startVitrine(), openBrowser(executable ?? '')]);
    visit = await watchedPage(browser, vitrine.url, DESKTOP);
    page = visit.page;
    page.setDefaultTimeout(60_000);
  }, 300_000);
  afterAll(async () => {
    await Promise.allSettled([browser.close(), vitrine.stop()]);
  }, 60_000);

  const cards = () => page.locator('.grid > .card:not(.skeleton)');
  const requestId = () => page.locator('.grid').getAttribute('data-request');
  const notice = (text: string | RegExp) => page.locator('.notice', { hasText: text });
  const nextAnswer = async (before: string | null) => {
    await page.locator(`.grid[data-request]:not([data-request="${before ?? ''}"])`).waitFor();
  };
  const closeSheet = async () => {
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
  };

  test('a visitor chooses a person, and every card of that person’s feed has a reason', async () => {
    await page.goto('/');
    const person = page.locator('.welcome [data-person]').first();
    const name = (await person.locator('strong').textContent()) ?? '';
    await person.click();
    await page.locator('.person-button', { hasText: name }).waitFor();
    await cards().first().waitFor();
    expect(await cards().count()).toBe(24);
    for (const reason of await page.locator('.card .reason').allTextContents())
      expect(reason.length).toBeGreaterThan(10);
    await screenshot(page, 'feed-desktop');
  });

  test('a reason opens into claims, each with evidence', async () => {
    await cards().first().locator('.why').click();
    await page.locator('.claim').first().waitFor();
    const claims = await page.locator('.claim').count();
    for (let at = 0; at < claims; at++)
      expect(await page.locator('.claim').nth(at).locator('.evidence').count()).toBeGreaterThan(0);
    expect(await page.locator('dialog .button.slim').count()).toBeGreaterThan(0);
    await screenshot(page, 'why-desktop');
    await closeSheet();
  });

  test('a click opens the item, and the next answer follows the click', async () => {
    const before = await requestId();
    const title = (await cards().nth(1).locator('h3').textContent()) ?? '';
    await cards().nth(1).locator('.card-window').click();
    await page.locator('.item-facts h2', { hasText: title }).waitFor();
    await nextAnswer(before);
    await screenshot(page, 'item-desktop');
    await closeSheet();
    await notice('Updated after your click').waitFor();
  });

  test('less like this: the next answer is without it, and undoing asks once more', async () => {
    const before = await requestId();
    const id = (await cards().nth(2).getAttribute('data-item')) ?? '';
    await cards().nth(2).locator('[aria-label^="Less like"]').click();
    await nextAnswer(before);
    await notice(/less like/).waitFor();
    expect(await page.locator(`.card[data-item="${id}"]`).count()).toBe(0);
    const after = await requestId();
    await page.locator('.notice .button', { hasText: 'Undo' }).click();
    await nextAnswer(after);
  });

  test('a favourite stays where it is; new picks are offered and shown on demand', async () => {
    const before = await requestId();
    const heart = cards().nth(3).locator('.heart');
    await heart.click();
    await notice('New picks are ready after your favourite').waitFor();
    expect(await heart.getAttribute('aria-pressed')).toBe('true');
    expect(await requestId()).toBe(before);
    await page.locator('.notice .button', { hasText: 'Show new picks' }).click();
    await nextAnswer(before);
  });

  test('scrolling reads on in the same answer, without repeats', async () => {
    const id = await requestId();
    await page.mouse.wheel(0, 20_000);
    await cards().nth(47).waitFor();
    expect(await requestId()).toBe(id);
    const items = await Promise.all((await cards().all()).map((card) => card.getAttribute('data-item')));
    expect(new Set(items).size).toBe(items.length);
    await page.keyboard.press('Home');
  });

  test('make one for me: a job at once, stages and previews, and it lands in the gallery marked', async () => {
    await page.locator('.button', { hasText: 'Make one for me' }).click();
    await page.locator('dialog textarea').fill('a red apple');
    await page.locator('dialog .button.primary', { hasText: 'Make it' }).click();
    const job = page.locator('dialog .job');
    await job.waitFor({ timeout: 5_000 });
    expect((await job.locator('.job-stage').textContent()) ?? '').not.toBe('');
    await page.locator('dialog .job[data-status="RUNNING"]').waitFor({ timeout: PICTURE_MS });
    await job.locator('.pane img').first().waitFor({ timeout: PICTURE_MS });
    await screenshot(page, 'studio-desktop');
    await page.locator('dialog .job[data-status="SUCCEEDED"]').waitFor({ timeout: PICTURE_MS });
    await closeSheet();
    await page.locator('.tab', { hasText: 'Gallery' }).click();
    const card = page.locator('.gallery .card[data-item]').first();
    await card.waitFor();
    work = (await card.getAttribute('data-item')) ?? '';
    await card.locator('.badge.made').waitFor();
  });

  test('the work opens with its recipe and its mark, and can be favourited', async () => {
    await page.locator(`.card[data-item="${work}"] .card-window`).click();
    const sheet = page.locator('dialog');
    await sheet.locator('.facts', { hasText: 'a red apple' }).waitFor();
    await sheet.getByText(/carries the AI mark/).waitFor();
    await sheet.locator('.heart').click();
    await sheet.locator('.heart[aria-pressed="true"]').waitFor();
    await screenshot(page, 'work-desktop');
    await closeSheet();
  });

  test('the gallery finds it by its words, and among the favourites', async () => {
    await page.getByLabel('Search the gallery by words').fill('apple');
    await page.locator(`.card[data-item="${work}"]`).waitFor();
    await page.getByLabel('Search the gallery by words').fill('zeppelin');
    await page.getByText('Nothing found for').waitFor();
    await page.getByLabel('Search the gallery by words').fill('');
    const favouritesOnly = page.getByRole('checkbox', { name: 'Favourites only' });
    await favouritesOnly.check();
    await page.locator(`.card[data-item="${work}"]`).waitFor();
    await favouritesOnly.uncheck();
  });

  test('a remix arrives live in the open gallery, and both know each other', async () => {
    await page.locator(`.card[data-item="${work}"] .card-window`).click();
    await page.locator('dialog .button', { hasText: 'Remix' }).click();
    await page.locator('dialog textarea').fill('a green apple');
    const strength = page.getByLabel('How much may change');
    await page.locator('dialog .segment', { hasText: 'Larger' }).click();
    expect(await strength.count()).toBe(0);
    await page.locator('dialog .segment', { hasText: 'Another version' }).click();
    await strength.press('ArrowLeft');
    await strength.press('ArrowLeft');
    expect(await strength.getAttribute('aria-valuetext')).toBe('About half');
    await page.locator('dialog .button.primary', { hasText: 'Make the remix' }).click();
    await page.locator('dialog .job').first().waitFor();
    await closeSheet();
    await page.locator('.card.fresh').waitFor({ timeout: PICTURE_MS });
    await screenshot(page, 'gallery-desktop');
    await page.locator('.card.fresh .card-window').first().click();
    await page.locator('dialog section', { hasText: 'Remix of' }).waitFor();
    await page.locator('dialog .facts', { hasText: 'changed by' }).getByText('50 %').waitFor();
    await page.locator('dialog section', { hasText: 'Remix of' }).locator('.mini').click();
    await page.locator('dialog section', { hasText: 'Remixes of it' }).waitFor();
    await closeSheet();
  });

  test('marked works are labelled, packed, deleted together, and come back', async () => {
    await page.getByRole('button', { name: 'Select', exact: true }).click();
    const bar = page.getByRole('group', { name: 'Marked works' });
    const mark = () => page.locator(`.card[data-item="${work}"] .card-mark`).click();
    expect(await bar.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
    await mark();
    await bar.getByText('1 marked').waitFor();
    await screenshot(page, 'select-desktop');
    await bar.getByLabel('A label for the marked works').fill('orchard');
    await bar.getByRole('button', { name: 'Label' }).click();
    await notice('1 work labelled “orchard”').waitFor();
    await bar.waitFor({ state: 'detached' });
    await page.getByLabel('Search the gallery by words').fill('orchard');
    await page.getByText('1 picture', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Select', exact: true }).click();
    await mark();
    await bar.getByRole('button', { name: 'Export' }).click();
    await notice('1 work packed').getByRole('button', { name: 'Download' }).waitFor();
    await page.getByRole('button', { name: 'Select', exact: true }).click();
    await mark();
    await bar.getByRole('button', { name: 'Delete' }).click();
    await page.locator(`.card[data-item="${work}"]`).waitFor({ state: 'detached' });
    await notice('1 work deleted').getByRole('button', { name: 'Undo' }).click();
    await notice('1 work came back').waitFor();
    await page.getByLabel('Search the gallery by words').fill('');
    await page.locator(`.card[data-item="${work}"]`).waitFor();
  });

  test('a cancelled job says so and ends', async () => {
    await page.locator('.button', { hasText: 'Make one for me' }).first().click();
    await page.locator('dialog textarea').fill('four boats');
    await page.locator('dialog .segment', { hasText: '4' }).click();
    await page.locator('dialog .button.primary', { hasText: 'Make it' }).click();
    const job = page.locator('dialog .job').first();
    await job.locator('.button', { hasText: 'Cancel' }).click();
    await page.locator('dialog .job[data-status="CANCELED"]').waitFor({ timeout: PICTURE_MS });
    await closeSheet();
  });

  test('a picture of one’s own goes up once its sentence is ticked, is drawn from, and is deleted again', async () => {
    await page.locator('.button', { hasText: 'Make one for me' }).first().click();
    await givePictures(page);
    await page.getByText(/Costs .* at most; .* of today’s budget is left/).waitFor();
    await screenshot(page, 'try-on-desktop');
    await closeSheet();
    await page.locator('.tab', { hasText: 'Profile' }).click();
    await page.reload(); // another visit: they are seen by what the server shows
    const given = page.locator('.panel', { hasText: 'Pictures you gave' });
    await given.locator('.reference').nth(1).waitFor();
    expect(await page.evaluate<number[]>(THUMB_WIDTHS)).toEqual([120, 120]);
    for (const left of [1, 0]) {
      await given.getByRole('button', { name: 'Delete' }).first().click();
      await given.locator('.reference').nth(left).waitFor({ state: 'detached' });
    }
    await given.waitFor({ state: 'detached' });
  });

  test('the profile shows tastes that can be said, pinned, weighed and removed', async () => {
    await page.locator('.tab', { hasText: 'Profile' }).click();
    await page.getByLabel('Something you like').fill('dragon');
    await page.locator('.add-facet .button').click();
    const facet = page.locator('.facet[data-facet="dragon"]');
    await facet.waitFor();
    await screenshot(page, 'profile-desktop');
    await facet.locator('[aria-label="Pin dragon"][aria-pressed="true"]').click();
    await facet.locator('[aria-label="Pin dragon"][aria-pressed="false"]').waitFor();
    await facet.locator('[aria-label="Remove dragon"]').click();
    await facet.waitFor({ state: 'detached' });
  });

  test('a webhook is added, shows its secret once, fails in words, and sends again what failed', async () => {
    await visitWebhooks(page);
  });

  test('with profiling off the feed says that it is the same for everybody', async () => {
    const profiling = page.getByRole('switch', { name: /Profiling/ });
    await profiling.click();
    await notice('Saved').waitFor();
    await page.locator('.tab', { hasText: 'For you' }).click();
    await page.getByText('Profiling is off').waitFor();
    await page.locator('.tab', { hasText: 'Profile' }).click();
    await profiling.click();
    await notice('Saved').waitFor();
  });

  test('on a phone two columns fit, and nothing is wider than the screen', async () => {
    const phone = await watchedPage(browser, vitrine.url, PHONE);
    await phone.page.goto('/');
    await phone.page.locator('.welcome [data-person]').first().click();
    await phone.page.locator('.grid > .card:not(.skeleton)').first().waitFor();
    expect(await phone.page.evaluate<number>(COLUMNS)).toBe(2);
    expect(await phone.page.evaluate<number>(OVERFLOW)).toBeLessThanOrEqual(0);
    await screenshot(phone.page, 'feed-phone');
    await phone.page.locator('.card .why').first().click();
    await phone.page.locator('.claim').first().waitFor();
    await screenshot(phone.page, 'why-phone');
    await phone.page.keyboard.press('Escape');
    await phone.page.locator('.tab', { hasText: 'Gallery' }).click();
    await phone.page.locator('.gallery .card[data-item]').first().waitFor();
    expect(await phone.page.evaluate<number>(OVERFLOW)).toBeLessThanOrEqual(0);
    expect(await phone.page.evaluate<number>(BAR_HEIGHT)).toBeLessThanOrEqual(TWO_ROWS);
    await screenshot(phone.page, 'gallery-phone');
    await phone.page.getByRole('button', { name: 'Filters' }).click();
    await phone.page.locator('dialog legend', { hasText: 'Rated at least' }).waitFor();
    expect(await phone.page.evaluate<number>(SHEET_OVERFLOW)).toBeLessThanOrEqual(0);
    await screenshot(phone.page, 'filters-phone');
    await phone.page.keyboard.press('Escape');
    await phone.page.locator('dialog').waitFor({ state: 'detached' });
    await phone.page.locator('.gallery .card .card-window').first().click();
    await phone.page.locator('dialog .heart').first().waitFor();
    expect(await phone.page.evaluate<number>(SHEET_OVERFLOW)).toBeLessThanOrEqual(0);
    await screenshot(phone.page, 'work-phone');
    await phone.page.locator('dialog .button', { hasText: 'Remix' }).first().click();
    await phone.page.locator('dialog .segment', { hasText: 'Larger' }).waitFor();
    expect(await phone.page.evaluate<number>(SHEET_OVERFLOW)).toBeLessThanOrEqual(0);
    await screenshot(phone.page, 'studio-phone');
    expect(phone.complaints).toEqual([]);
    await phone.page.context().close();
  });

  test('the explorer works offline and runs a query', async () => {
    const explorer = await watchedPage(browser, vitrine.url, DESKTOP);
    await explorer.page.goto('/graphql');
    await explorer.page.locator('.graphiql-query-editor .view-line').first().waitFor();
    await explorer.page.locator('.graphiql-execute-button').click();
    await explorer.page.locator('.graphiql-response', { hasText: 'requestId' }).waitFor();
    await screenshot(explorer.page, 'explorer');
    expect(explorer.complaints).toEqual([]);
    await explorer.page.context().close();
  });

  test('nothing in the console, nothing from another host', () => {
    expect(visit.complaints).toEqual([]);
  });
});
