import type { ImageMaker, PictureBrief, PictureProgress } from '../../src/flow/ports.js';

interface Subject {
  readonly maker: ImageMaker;
  /** Called before the test that aborts in the middle: makes sure that there is a middle. */
  readonly slowDown?: () => void;
}

/** What every maker of pictures promises, whether it is our own model or somebody's service. */
export function imageMakerContract(name: string, subject: () => Subject | Promise<Subject>): void {
  const never = new AbortController().signal;
  const briefFor = ({ defaults }: ImageMaker, seed = 7): PictureBrief => ({
    words: 'a red apple',
    style: null,
    taste: null,
    seed,
    ...defaults,
    from: null,
  });
  const ignore = () => undefined;

  describe(`${name} keeps the contract of image makers`, () => {
    test('it gives whole pixels and says which model made them', async () => {
      const { maker } = await subject();
      const { picture, used } = await maker.make(briefFor(maker), never, ignore);
      expect(picture.data).toHaveLength(picture.width * picture.height * picture.channels);
      expect(picture.width).toBeGreaterThanOrEqual(16);
      expect(used).toMatchObject({ model: maker.model });
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
