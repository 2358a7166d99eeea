import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import ts from 'typescript-eslint';

const banGlobals = (message, ...names) => names.map((name) => ({ name, message }));

const noEnv = { object: 'process', property: 'env', message: 'Read settings in src/config.ts only.' };
const noRandom = { object: 'Math', property: 'random', message: 'Use domain/random.ts with a seed.' };
const noNow = { object: 'Date', property: 'now', message: 'Use the Clock port.' };

export default ts.config(
  {
    ignores: [
      '**/dist/',
      'src/generated/',
      'web/src/generated/',
      'coverage/',
      '.vitrine/',
      '.training/',
      '**/*.cjs',
      '**/*.mjs',
    ],
  },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 10],
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['src/**', 'workers/**'],
    ignores: ['src/config.ts', 'src/server.ts', 'src/wire.ts', 'workers/main.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-properties': ['error', noEnv, noRandom],
    },
  },
  {
    files: ['src/domain/**', 'src/flow/**'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...banGlobals('Take it from a port or an argument.', 'process', 'setTimeout', 'fetch', 'console'),
      ],
      'no-restricted-properties': ['error', noEnv, noRandom, noNow],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Use the Clock port.' },
      ],
    },
  },
  {
    files: ['src/graphql/**'],
    // type-graphql reads the parameter types that a type-only import would erase
    rules: {
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
  { files: ['web/src/**'], ...reactHooks.configs.flat.recommended },
  {
    files: ['**/*.test.ts', 'test/**'],
    rules: { 'max-lines-per-function': 'off' },
  },
);
