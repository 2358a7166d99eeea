import type { DeclaredPerson } from '../../domain/simulating/simulate-audience.js';
import { DEMO_STYLES } from './art.js';

const [pebble, lantern, inkwell] = DEMO_STYLES.map(({ style }) => style);

/** The people of the demo's chooser: invented, simulated, each with a taste that one line can tell. */
export const DEMO_PEOPLE: readonly DeclaredPerson[] = [
  person('ada', 'Loves fruit and sweets, best in the flat style.', ['fruit', 'sweets'], pebble, [
    'red',
    'orange',
  ]),
  person(
    'bruno',
    'Collects cars, trains and everything with wheels.',
    ['cars and trains', 'travel signs'],
    inkwell,
    ['red', 'blue'],
  ),
  person('chiara', 'Flowers, plants and insects, softly drawn.', ['flowers', 'plants', 'insects'], lantern, [
    'green',
    'pink',
  ]),
  person('deniz', 'Sea animals first, then boats and birds.', ['sea animals', 'boats', 'birds'], pebble, [
    'blue',
    'purple',
  ]),
  person('emeka', 'Sports, games and medals.', ['sports', 'games', 'medals'], inkwell, ['yellow', 'green']),
  person(
    'freya',
    'Monsters, masks and fantasy figures.',
    ['monsters and masks', 'fantasy figures'],
    lantern,
    ['purple', 'green'],
  ),
  person(
    'goro',
    'Cooks at home: meals, Asian food, vegetables.',
    ['asian food', 'meals', 'vegetables'],
    pebble,
    ['orange', 'brown'],
  ),
  person(
    'hana',
    'Hearts, loving faces and celebrations.',
    ['hearts', 'loving faces', 'celebrations'],
    lantern,
    ['pink', 'red'],
  ),
  person(
    'imani',
    'Music and instruments, and where they are played.',
    ['musical instruments', 'music'],
    inkwell,
    ['orange', 'purple'],
  ),
  person('jonas', 'Mammals of every kind, and cat faces.', ['mammals', 'cat faces'], pebble, [
    'orange',
    'brown',
  ]),
  person('kaveh', 'Night skies, weather and clocks.', ['sky and weather', 'clocks', 'landscapes'], inkwell, [
    'blue',
    'yellow',
  ]),
  person('lucia', 'Books, writing and science.', ['books and paper', 'writing', 'science'], lantern, [
    'blue',
    'green',
  ]),
];

function person(
  name: string,
  about: string,
  themes: readonly string[],
  ...[style, colours]: readonly [style: string | undefined, colours: readonly string[]]
): DeclaredPerson {
  return {
    externalId: `demo-${name}`,
    displayName: name.charAt(0).toUpperCase() + name.slice(1),
    about,
    taste: { themes, styles: style === undefined ? [] : [style], colours },
  };
}
