export const COLOUR_NAMES = [
  'red',
  'orange',
  'yellow',
  'green',
  'teal',
  'blue',
  'purple',
  'pink',
  'brown',
  'black',
  'grey',
  'white',
] as const;
export type ColourName = (typeof COLOUR_NAMES)[number];

/** Upper ends of the hue ranges in degrees, as people name them (compare Berlin and Kay's basic colour terms). */
const HUES: readonly (readonly [number, ColourName])[] = [
  [14, 'red'],
  [36, 'orange'],
  [68, 'yellow'],
  [160, 'green'],
  [192, 'teal'],
  [256, 'blue'],
  [292, 'purple'],
  [343, 'pink'],
  [360, 'red'],
];

/** The everyday name of a colour given as 8-bit red, green and blue. */
export function colourName(red: number, green: number, blue: number): ColourName {
  const [max, min] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const lightness = (max + min) / 510;
  const chroma = (max - min) / 255;
  if (chroma < 0.13) return greyName(lightness);
  if (lightness < 0.1) return 'black';
  const hue = hueOf({ red, green, blue }, max, max - min);
  if (isBrown(hue, lightness, chroma)) return 'brown';
  if ((hue < 14 || hue > 343) && lightness > 0.68) return 'pink';
  return HUES.find(([end]) => hue <= end)?.[1] ?? 'red';
}

function greyName(lightness: number): ColourName {
  if (lightness < 0.24) return 'black';
  return lightness > 0.86 ? 'white' : 'grey';
}

/** Brown is dark or dull orange; there is no hue of its own. */
function isBrown(hue: number, lightness: number, chroma: number): boolean {
  return hue < 50 && lightness < 0.48 && (hue >= 14 ? chroma < 0.62 : chroma < 0.3);
}

function hueOf(colour: { red: number; green: number; blue: number }, max: number, delta: number): number {
  const { red, green, blue } = colour;
  if (max === red) return (60 * ((green - blue) / delta) + 360) % 360;
  return max === green ? 60 * ((blue - red) / delta) + 120 : 60 * ((red - green) / delta) + 240;
}
