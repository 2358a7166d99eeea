import {
  PICTURE_KINDS,
  ROLES_WANTED,
  STARTS_FROM_PICTURE,
  type PictureKind,
} from '../../src/domain/imaging/picture-kind.js';
import type { RawPicture } from '../../src/domain/media.js';
import type { ImageMaker, PictureBrief, PictureProgress } from '../../src/flow/ports.js';

const plain = (shade: number): RawPicture => ({
  ...{ width: 64, height: 64, channels: 3 },
  data: new Uint8Array(64 * 64 * 3).fill(shade),
});

interface Subject {
  readonly maker: ImageMaker;
  /** Called before the test that aborts in the middle: makes sure that there is a middle. */
  readonly slowDown?: () => void;
}

/** What every maker of pictures promises, whether it is our own model or somebody's service. */
export function imageMakerContract(name: string, subject: () => Subject | Promise<Subject>): void {
  const never = new AbortController().signal;
  const briefFor = (
    { defaults }: ImageMaker,
    seed = 7,
    kind: PictureKind = 'text-to-image',
  ): PictureBrief => ({
    kind,
    words: 'a red apple',
    style: null,
    taste: null,
    seed,
    ...defaults,
    from: STARTS_FROM_PICTURE.has(kind) ? { picture: plain(40), strength: 0.5 } : null,
    references: ROLES_WANTED[kind].map((role, i) => ({ role, picture: plain(80 + 60 * i) })),
  });
  const kindsOf = ({ offers }: ImageMaker) => PICTURE_KINDS.filter((kind) => offers[kind] !== undefined);
  const ignore = () => undefined;

  describe(`${name} keeps the contract of image makers`, () => {
    test('it gives whole pixels and says which model made them', async () => {
      const { maker } = await subject();
      const { picture, used } = await maker.make(briefFor(maker), never, ignore);
      expect(picture.data).toHaveLength(picture.width * picture.height * picture.channels);
      expect(picture.width).toBeGreaterThanOrEqual(16);
      expect(used).toMatchObject({ model: maker.model });
    });

    test('it makes every kind that it offers, and says who made it and for how much', async () => {
      const { maker } = await subject();
      expect(kindsOf(maker)).toContain('text-to-image');
      for (const kind of kindsOf(maker)) {
        const { model, price = 0 } = maker.offers[kind] ?? {};
        const { picture, by } = await maker.make(briefFor(maker, 7, kind), never, ignore);
        expect(picture.data).toHaveLength(picture.width * picture.height * picture.channels);
        expect(by).toMatchObject({ provider: expect.any(String) as string, model });
        expect(by.price).toBeLessThanOrEqual(price);
      }
    });

    test('what a kind cannot do without is asked for before anything is made', async () => {
      const { maker } = await subject();
      const demanding = kindsOf(maker).filter((kind) => kind !== 'text-to-image');
      for (const kind of demanding) {
        const bare = { ...briefFor(maker, 7, kind), from: null, references: [] };
        await expect(maker.make(bare, never, ignore)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      }
    });

    test('the same seed gives the same picture, another seed another', async () => {
      const { maker } = await subject();
      const pixels = async (seed: number) =>
        Buffer.from((await maker.make(briefFor(maker, seed), never, ignore)).picture.data).toString('base64');
      const [first, again, other] = [await pixels(7), await pixels(7), await pixels(8)];
      expect(again).toBe(first);
      expect(other).not.toBe(first);
    });

    test('progress rises from 0 towards 1 and every stage has a name', async () => {
      const { maker } = await subject();
      const seen: PictureProgress[] = [];
      await maker.make(briefFor(maker), never, (progress) => seen.push(progress));
      const values = seen.map(({ progress }) => progress);
      expect(values).toEqual([...values].sort((a, b) => a - b));
      expect(values.length).toBeGreaterThan(1);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...values)).toBeLessThanOrEqual(1);
      expect(seen.filter(({ stage }) => stage === '')).toEqual([]);
    });

    test('an aborted signal starts nothing', async () => {
      const { maker } = await subject();
      const reason = new Error('nobody wants it');
      await expect(maker.make(briefFor(maker), AbortSignal.abort(reason), ignore)).rejects.toBe(reason);
    });

    test('aborting in the middle stops within two seconds', async () => {
      const { maker, slowDown } = await subject();
      slowDown?.();
      const abort = new AbortController();
      let abortedAt = 0;
      const stop = ({ progress }: PictureProgress) => {
        if (progress === 0 || abortedAt > 0) return;
        abortedAt = performance.now();
        abort.abort(new Error('enough'));
      };
      await expect(maker.make(briefFor(maker), abort.signal, stop)).rejects.toThrow();
      expect(performance.now() - abortedAt).toBeLessThan(2_000);
    });
  });
}
