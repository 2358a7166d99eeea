/** 24 x 24 line icons, drawn for this page; decoration only, the button carries the name. */
const PATHS = {
  heart:
    'M12 20s-7.5-4.6-9-9.3C1.9 7.2 4.2 4.5 7.2 4.5c2 0 3.7 1.1 4.8 2.9 1.1-1.8 2.8-2.9 4.8-2.9 3 0 5.3 2.7 4.2 6.2C19.5 15.4 12 20 12 20Z',
  less: 'M7 13V4h9.3a2 2 0 0 1 2 1.6l1.3 6A2 2 0 0 1 17.7 14H14l.8 4.3a1.8 1.8 0 0 1-3.3 1.2L7 13Zm0 0H4V4h3',
  hide: 'M4 4l16 16M9.9 5.3A10 10 0 0 1 12 5c5 0 8.5 4.5 9.5 7a13 13 0 0 1-2.7 3.9M14.1 14.2A3 3 0 0 1 9.9 9.9M6.5 6.9A13.5 13.5 0 0 0 2.5 12c1 2.5 4.5 7 9.5 7 1.7 0 3.2-.5 4.5-1.3',
  close: 'M6 6l12 12M18 6 6 18',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 4.5 4.5',
  home: 'M4 10.5 12 4l8 6.5V20h-5.5v-6h-5v6H4z',
  grid: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  spark:
    'M12 3l1.9 6.1L20 11l-6.1 1.9L12 19l-1.9-6.1L4 11l6.1-1.9L12 3ZM19 16l.7 2.3L22 19l-2.3.7L19 22l-.7-2.3L16 19l2.3-.7L19 16Z',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5',
  pin: 'M9 4h6l-.8 6 3.3 3.5h-11L9.8 10 9 4ZM12 13.5V21',
  remove: 'M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5',
  theme: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM12 4v16M12 8l6.5-1M12 12h8M12 16l6.5 1',
  group:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 19.5c.5-3.3 3-5.2 6.5-5.2s6 1.9 6.5 5.2M15.5 4.3a3.5 3.5 0 0 1 0 6.5M18 14.8c2 .8 3.2 2.4 3.5 4.7',
  trend: 'M3 17l6-6 4 4 8-8M15 7h6v6',
  dice: 'M5 5h14v14H5zM9 9h.01M15 9h.01M12 12h.01M9 15h.01M15 15h.01',
  tag: 'M4 4h8l8.5 8.5-8 8L4 12V4ZM8.5 8.5h.01',
  remix: 'M4 8h10l-3-3M20 16H10l3 3M4 8v5M20 16v-5',
  filter:
    'M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z',
  select: 'M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1ZM8 12.5l3 3 5.5-6.5',
  copy: 'M9 8h10v12H9zM15 8V4H5v12h4',
  send: 'M4 12 20.5 4.5 15 20l-3.5-6.5L4 12ZM11.5 13.5 20.5 4.5',
  download: 'M12 4v11m0 0-4-4m4 4 4-4M5 20h14',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.9"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
