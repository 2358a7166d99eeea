import type { Config } from 'jest';

const common = {
  // onnxruntime-node makes its typed arrays in the outer realm; the environment shares them with the tests
  testEnvironment: '<rootDir>/test/support/typed-array-environment.cjs',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.vitrine/', '<rootDir>/.training/'],
  // isolatedModules (tsconfig): no type check here, `npm run types` does it
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true }] },
} satisfies Config;

const database = {
  globalSetup: '<rootDir>/test/support/start-test-postgres.ts',
  globalTeardown: '<rootDir>/test/support/stop-test-postgres.ts',
};

const config: Config = {
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/{src,workers,bench,prisma,web/src,test/repository}/**/*.test.ts'],
    },
    {
      ...common,
      ...database,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/integration/**/*.test.ts'],
    },
    { ...common, ...database, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
  ],
  reporters: ['default', '<rootDir>/test/support/closing-line-reporter.cjs'],
  testTimeout: 60_000,
};
export default config;
