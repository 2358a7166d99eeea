import { loadConfig } from './config.js';

test('an empty environment gives a working development set-up', () => {
  expect(loadConfig({})).toMatchObject({ port: 4000, mode: 'development', images: { provider: 'local' } });
});

test('every wrong setting is named at once', () => {
  const wrong = { PORT: 'eighty', DATABASE_URL: 'mysql://x', VITRINE_DEMO: 'huge' };
  expect(() => loadConfig(wrong)).toThrow(
    /PORT[\s\S]*DATABASE_URL[\s\S]*VITRINE_DEMO|DATABASE_URL[\s\S]*PORT/,
  );
});

test('production without a secret is refused', () => {
  expect(() => loadConfig({ NODE_ENV: 'production' })).toThrow('VITRINE_SECRET');
});

test('the replicate provider without a token says how to set one', () => {
  expect(() => loadConfig({ VITRINE_IMAGE_PROVIDER: 'replicate' })).toThrow('REPLICATE_API_TOKEN');
});
