import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export interface WatchedPage {
  readonly page: Page;
  /** Console errors, uncaught errors, failed requests and requests to other hosts. */
  readonly complaints: string[];
}

/** What the browser says when the page leaves while something is on its way. */
const LEFT = 'net::ERR_ABORTED';

/** A page that remembers everything a person with open developer tools would frown at. */
export async function watchedPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions,
): Promise<WatchedPage> {
  const context = await browser.newContext({ ...options, baseURL: origin });
  const page = await context.newPage();
  const complaints: string[] = [];
  const { host } = new URL(origin);
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'failed';
    if (reason !== LEFT) complaints.push(`request: ${request.url()} ${reason}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.host !== host)
      complaints.push(`other host: ${request.url()}`);
  });
  return { page, complaints };
}
