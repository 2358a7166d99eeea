/** Expressions that are run in the page. */
export const COLUMNS =
  "getComputedStyle(document.querySelector('.grid')).gridTemplateColumns.split(' ').length";
export const OVERFLOW = 'document.documentElement.scrollWidth - window.innerWidth';
export const SHEET_OVERFLOW =
  "Math.max(...[...document.querySelectorAll('dialog, dialog > *')].map((box) => box.scrollWidth - box.clientWidth))";
export const BAR_HEIGHT = "document.querySelector('.gallery-bar').offsetHeight";
/** In px, of each reference picture that is shown small. */
export const THUMB_WIDTHS = `Promise.all(
  [...document.querySelectorAll('.reference-thumb img')].map((image) => image.decode().then(() => image.naturalWidth)),
)`;
