import { loadConfig } from './config.js';

test('an empty environment gives a working development set-up', () => {
  expect(loadConfig({})).toMatchObject({ port: 4000, mode: 'development', images: [{ provider: 'local' }] });
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

test('several providers keep their order, and webhooks are asked for once address and secret are set', () => {
  const env = {
    VITRINE_IMAGE_PROVIDER: 'replicate,comfyui,local',
    REPLICATE_API_TOKEN: 'r8_x',
    REPLICATE_MODELS: '{"try-on":{"price":5}}',
  };
  const { images } = loadConfig(env);
  expect(images.map(({ provider }) => provider)).toEqual(['replicate', 'comfyui', 'local']);
  expect(images[0]).toMatchObject({ webhook: null, models: { 'try-on': { price: 5 } } });
  const told = {
    ...env,
    VITRINE_PUBLIC_URL: 'https://shop.example/',
    REPLICATE_WEBHOOK_SECRETS: 'whsec_bmV3,whsec_b2xk',
  };
  expect(loadConfig(told).images[0]).toMatchObject({ webhook: 'https://shop.example/webhooks/replicate' });
  expect(loadConfig(told).replicateWebhookSecrets).toEqual(['whsec_bmV3', 'whsec_b2xk']);
});

test('wrong settings of providers say what was wanted, and show no secret', () => {
  const wrong = {
    VITRINE_IMAGE_PROVIDER: 'dalle',
    REPLICATE_MODELS: '{',
    VITRINE_PUBLIC_URL: 'http://shop.example',
    REPLICATE_WEBHOOK_SECRETS: 'hunter2',
  };
  expect(() => loadConfig(wrong)).toThrow(/IMAGE_PROVIDER: local, replicate.*"dalle" came/);
  expect(() => loadConfig(wrong)).toThrow(/REPLICATE_MODELS: a JSON object was wanted/);
  expect(() => loadConfig(wrong)).toThrow(/VITRINE_PUBLIC_URL: an https address/);
  expect(() => loadConfig(wrong)).not.toThrow(/hunter2/);
  expect(() => loadConfig({ VITRINE_IMAGE_PROVIDER: 'openai' })).toThrow('OPENAI_IMAGES_KEY');
});
