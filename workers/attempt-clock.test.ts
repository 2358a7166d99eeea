import { setTimeout as sleep } from 'node:timers/promises';
import { attemptClock } from './attempt-clock.js';

test('time that is not the attempt’s own does not use up its limit, what was used before does', async () => {
  let over = 0;
  const clock = attemptClock(400, () => {
    over++;
  });
  await sleep(150);
  await Promise.all([clock.uncounted(() => sleep(600)), clock.uncounted(() => sleep(300))]);
  expect(over).toBe(0);
  await sleep(600); // the 250 that were left have passed
  expect(over).toBe(1);
  clock.end();
});

test('an ended clock says nothing, also when work that was not counted ends later', async () => {
  let over = 0;
  const clock = attemptClock(50, () => {
    over++;
  });
  const work = clock.uncounted(() => sleep(30));
  clock.end();
  await work;
  await sleep(120);
  expect(over).toBe(0);
});
